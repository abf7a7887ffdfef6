#include "steps/lock/pylock.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "formats/debian/version.hpp"
#include "formats/python/marker.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/toml.hpp"

namespace dba::steps {
namespace {

std::string last_component(const std::string& url) {
    return text::file_name(url.substr(0, url.find_first_of("?#")));
}

std::string sha256_of(const toml::table& file) {
    return file["hashes"]["sha256"].value_or(std::string());
}

fs::path beside(const LockContext& context, const std::string& path) {
    return (context.file.parent_path() / path).lexically_normal();
}

LockedFile file_of(const toml::table& entry, const LockContext& context) {
    LockedFile file;
    const std::string path = text_of(entry, "path");
    file.name = text_of(entry, "name");
    if (file.name.empty()) file.name = last_component(path.empty() ? text_of(entry, "url") : path);
    file.sha256 = sha256_of(entry);
    if (!path.empty() && text_of(entry, "url").empty()) file.path = beside(context, path);
    return file;
}

Failure wrong(const LockContext& context, const std::string& name, std::string cause,
              std::string hint = {}) {
    return bad_input(fmt::format("{}: {}", context.file.string(), name), std::move(cause),
                     std::move(hint));
}

std::string with_subdirectory(std::string url, const toml::table& source) {
    if (const auto subdirectory = text_of(source, "subdirectory"); !subdirectory.empty())
        url += "#subdirectory=" + subdirectory;
    return url;
}

Result<LockedPackage> package_of(const toml::table& entry, const LockContext& context) {
    LockedPackage package;
    package.name = text_of(entry, "name");
    package.version = text_of(entry, "version");
    if (const auto* vcs = entry["vcs"].as_table()) {
        const std::string commit = text_of(*vcs, "commit-id");
        if (text_of(*vcs, "type") != "git")
            return wrong(context, package.name,
                         fmt::format("comes from {}; of version control only git is supported",
                                     text_of(*vcs, "type")),
                         "build a wheel of it into WHEELHOUSE");
        std::string url = text_of(*vcs, "url");
        if (url.empty()) url = text::file_url(beside(context, text_of(*vcs, "path")).string());
        package.url = with_subdirectory(fmt::format("git+{}@{}", url, commit), *vcs);
        return package;
    }
    if (const auto* directory = entry["directory"].as_table()) {
        // Whether it is editable there says nothing here: a wheel of it is built.
        package.url = with_subdirectory(
            text::file_url(beside(context, text_of(*directory, "path")).string()), *directory);
        return package;
    }
    if (const auto* archive = entry["archive"].as_table()) {
        package.files.push_back(file_of(*archive, context));
        if (package.files.back().path.empty())
            package.url = with_subdirectory(text_of(*archive, "url"), *archive);
        return package;
    }
    if (const auto* sdist = entry["sdist"].as_table())
        package.files.push_back(file_of(*sdist, context));
    if (const auto* wheels = entry["wheels"].as_array()) {
        for (const auto& wheel : *wheels)
            if (const auto* table = wheel.as_table())
                package.files.push_back(file_of(*table, context));
    }
    if (package.version.empty()) return wrong(context, package.name, "has no version");
    package.registry = text_of(entry, "index");
    return package;
}

Result<void> check_head(const toml::table& lock, const LockContext& context) {
    const std::string version = text_of(lock, "lock-version");
    if (!version.starts_with("1."))
        return bad_input(context.file.string(),
                         version.empty()
                             ? std::string("has no lock-version (PEP 751)")
                             : fmt::format("is of lock-version {}; 1.x is read (PEP 751)", version),
                         "make the lock again with a tool that writes lock-version 1.0");
    const std::string python = text_of(lock, "requires-python");
    TRY_ASSIGN(const bool allowed, specifiers_allow(python, context.manifest.python.full_version));
    if (!allowed)
        return bad_input(context.file.string(),
                         fmt::format("is for Python {}, and the target's is {}", python,
                                     context.manifest.python.full_version),
                         "make the lock for this Python, or choose another PYTHON_VERSION");
    const auto* environments = lock["environments"].as_array();
    if (environments == nullptr || environments->empty()) return {};
    for (const auto& item : *environments) {
        TRY_ASSIGN(const bool holds,
                   marker_holds(item.value_or(std::string()), context.answers.markers));
        if (holds) return {};
    }
    return bad_input(context.file.string(), "is for other environments than the target's",
                     "make the lock for this platform and Python too");
}

}  // namespace

Result<std::vector<LockedPackage>> read_pylock(std::string_view text, const LockContext& context) {
    try {
        const toml::table lock = toml::parse(text);
        TRY(check_head(lock, context));
        MarkerContext markers = context.answers.markers;
        if (const auto* groups = lock["default-groups"].as_array())
            for (const auto& group : *groups)
                markers.groups.push_back(group.value_or(std::string()));
        for (const auto& group : context.manifest.groups) markers.groups.push_back(group);
        std::vector<LockedPackage> packages;
        const auto* entries = lock["packages"].as_array();
        if (entries == nullptr) return packages;
        for (const auto& item : *entries) {
            const auto* entry = item.as_table();
            if (entry == nullptr) continue;
            TRY_ASSIGN(const bool needed, marker_holds(text_of(*entry, "marker"), markers));
            // The application itself is built from its source.
            if (!needed || normalise_distribution(text_of(*entry, "name")) ==
                               normalise_distribution(context.application.name))
                continue;
            TRY_ASSIGN(const bool for_python,
                       specifiers_allow(text_of(*entry, "requires-python"),
                                        context.manifest.python.full_version));
            if (!for_python)
                return wrong(context, text_of(*entry, "name"),
                             fmt::format("is for Python {}, and the target's is {}",
                                         text_of(*entry, "requires-python"),
                                         context.manifest.python.full_version));
            TRY_ASSIGN(auto package, package_of(*entry, context));
            packages.push_back(std::move(package));
        }
        return packages;
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", context.file.string(), problem.source().begin.line),
                         std::string(problem.description()));
    }
}

}  // namespace dba::steps
