#include "steps/lock/pipfile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/formats.hpp"

namespace dba::steps {
namespace {

using Json = nlohmann::json;

std::string json_text(const Json& entry, const char* key) {
    const auto found = entry.find(key);
    return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<LockedPackage> pipfile_package(const std::string& name, const Json& entry, const Json& meta,
                                      const LockContext& context) {
    LockedPackage package;
    package.name = name;
    const std::string version = json_text(entry, "version");
    if (version.starts_with("==")) package.version = version.substr(2);
    const std::string subdirectory = json_text(entry, "subdirectory");
    const std::string fragment = subdirectory.empty() ? "" : "#subdirectory=" + subdirectory;
    if (const auto git = json_text(entry, "git"); !git.empty()) {
        package.url = fmt::format("git+{}@{}{}", git, json_text(entry, "ref"), fragment);
        return package;
    }
    if (const auto path = json_text(entry, "path"); !path.empty()) {
        package.url =
            text::file_url((context.file.parent_path() / path).lexically_normal().string()) +
            fragment;
        return package;
    }
    package.url = json_text(entry, "file");
    if (const auto hashes = entry.find("hashes"); hashes != entry.end() && hashes->is_array())
        for (const auto& hash : *hashes) {
            const std::string text = hash.is_string() ? hash.get<std::string>() : std::string();
            // Pipfile.lock names no files: the installer looks among the index's for the hashes.
            package.files.push_back({{}, text.starts_with("sha256:") ? text.substr(7) : "", {}});
        }
    if (package.version.empty() && package.url.empty())
        return bad_input(fmt::format("{}: {}", context.file.string(), name), "has no version");
    const auto sources = meta.find("sources");
    const std::string index = json_text(entry, "index");
    // The first source is the installer's to choose: INDEX_URL.
    if (index.empty() || sources == meta.end() || !sources->is_array()) return package;
    for (auto source = sources->begin(); source != sources->end(); ++source)
        if (source != sources->begin() && json_text(*source, "name") == index)
            package.index = json_text(*source, "url");
    return package;
}

}  // namespace

Result<std::vector<LockedPackage>> read_pipfile_lock(std::string_view text,
                                                     const LockContext& context) {
    const auto lock = Json::parse(text, nullptr, false);
    if (!lock.is_object() || !lock.contains("_meta"))
        return bad_input(context.file.string(), "is no Pipfile.lock", "`pipenv lock` makes it");
    const int spec = lock["_meta"].value("pipfile-spec", 0);
    if (spec != 6)
        return bad_input(context.file.string(),
                         fmt::format("is of pipfile-spec {}; 6 is read", spec),
                         "lock again with a current Pipenv");
    std::vector<std::string> wanted{"default"};
    for (const auto& group : context.manifest.groups)
        wanted.push_back(normalise_distribution(group) == "dev-packages" ? "develop" : group);
    std::vector<LockedPackage> packages;
    for (const auto& category : wanted) {
        const auto found = lock.find(category);
        if (found == lock.end() || !found->is_object())
            return bad_input(fmt::format("GROUPS {}", category),
                             fmt::format("{} has no such category", context.file.string()));
        for (const auto& [name, entry] : found->items()) {
            TRY_ASSIGN(const bool needed,
                       marker_holds(json_text(entry, "markers"), context.answers.markers));
            const std::string normal = normalise_distribution(name);
            const bool known = std::any_of(packages.begin(), packages.end(), [&](const auto& one) {
                return normalise_distribution(one.name) == normal;
            });
            if (!needed || known) continue;
            TRY_ASSIGN(auto package, pipfile_package(name, entry, lock["_meta"], context));
            packages.push_back(std::move(package));
        }
    }
    return packages;
}

}  // namespace dba::steps
