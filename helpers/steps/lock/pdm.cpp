#include "steps/lock/pdm.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "steps/lock/formats.hpp"
#include "steps/lock/toml.hpp"

namespace dba::steps {
namespace {

std::vector<std::string> texts_of(const toml::table& table, std::string_view key) {
    std::vector<std::string> texts;
    if (const auto* array = table[key].as_array())
        for (const auto& item : *array) texts.push_back(item.value_or(std::string()));
    return texts;
}

Result<LockedPackage> pdm_package(const toml::table& entry, const LockContext& context) {
    LockedPackage package{text_of(entry, "name"), text_of(entry, "version"), {}, {}, {}};
    const std::string subdirectory = text_of(entry, "subdirectory");
    const std::string fragment = subdirectory.empty() ? "" : "#subdirectory=" + subdirectory;
    if (const auto git = text_of(entry, "git"); !git.empty()) {
        package.url = fmt::format("git+{}@{}{}", git, text_of(entry, "revision"), fragment);
        return package;
    }
    fs::path place;  // of an archive beside the lock
    if (const auto path = text_of(entry, "path"); !path.empty()) {
        place = (context.file.parent_path() / path).lexically_normal();
        std::error_code error;
        if (fs::is_directory(place, error)) {
            package.url = text::file_url(place.string()) + fragment;
            return package;
        }
    } else {
        package.url = text_of(entry, "url");
    }
    if (const auto* files = entry["files"].as_array())
        for (const auto& item : *files) {
            const auto* file = item.as_table();
            if (file == nullptr) continue;
            const std::string hash = text_of(*file, "hash");
            std::string name = text_of(*file, "file");
            // With the strategy static_urls there is an address instead.
            if (name.empty()) name = text::file_name(text_of(*file, "url"));
            package.files.push_back(
                {name, hash.starts_with("sha256:") ? hash.substr(7) : "", place});
        }
    return package;
}

Result<void> check_pdm(const toml::table& lock, const LockContext& context) {
    const auto* metadata = lock["metadata"].as_table();
    const std::string version = metadata == nullptr ? "" : text_of(*metadata, "lock_version");
    if (!version.starts_with("4."))
        return bad_input(
            context.file.string(),
            version.empty()
                ? std::string("has no lock_version in [metadata]")
                : fmt::format("is of lock_version {} of PDM's format; 4.x is read", version),
            "lock again with PDM 2.11 or newer");
    const auto strategy = texts_of(*metadata, "strategy");
    if (std::find(strategy.begin(), strategy.end(), "inherit_metadata") == strategy.end())
        return bad_input(context.file.string(),
                         "does not say which group needs a package (strategy inherit_metadata)",
                         "`pdm lock --update-reuse --strategy inherit_metadata`");
    const auto has = texts_of(*metadata, "groups");
    for (const auto* wanted : {&context.manifest.extras, &context.manifest.groups})
        for (const auto& group : *wanted)
            if (std::none_of(has.begin(), has.end(), [&](const auto& one) {
                    return normalise_distribution(one) == normalise_distribution(group);
                }))
                return bad_input(context.file.string(),
                                 fmt::format("was locked without the group {}", group),
                                 fmt::format("`pdm lock --update-reuse --group {}`", group));
    return {};
}

}  // namespace

Result<std::vector<LockedPackage>> read_pdm_lock(std::string_view text,
                                                 const LockContext& context) {
    try {
        const toml::table lock = toml::parse(text);
        TRY(check_pdm(lock, context));
        std::vector<std::string> chosen{"default"};
        for (const auto* wanted : {&context.manifest.extras, &context.manifest.groups})
            for (const auto& group : *wanted) chosen.push_back(normalise_distribution(group));
        std::vector<LockedPackage> packages;
        const auto* entries = lock["package"].as_array();
        if (entries == nullptr) return packages;
        for (const auto& item : *entries) {
            const auto* entry = item.as_table();
            if (entry == nullptr) continue;
            const auto groups = texts_of(*entry, "groups");
            const bool of_chosen = std::any_of(groups.begin(), groups.end(), [&](const auto& one) {
                return std::find(chosen.begin(), chosen.end(), normalise_distribution(one)) !=
                       chosen.end();
            });
            TRY_ASSIGN(const bool holds,
                       marker_holds(text_of(*entry, "marker"), context.answers.markers));
            if (!of_chosen || !holds) continue;
            TRY_ASSIGN(auto package, pdm_package(*entry, context));
            // "flask" and "flask[async]" are two entries of one distribution.
            const bool known = std::any_of(packages.begin(), packages.end(), [&](const auto& one) {
                return one.name == package.name && one.version == package.version;
            });
            if (!known) packages.push_back(std::move(package));
        }
        return packages;
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", context.file.string(), problem.source().begin.line),
                         std::string(problem.description()));
    }
}

}  // namespace dba::steps
