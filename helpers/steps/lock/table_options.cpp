#include "steps/lock/table_options.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

namespace dba::steps {
namespace {

// uv.toml. What has an argument of its own is not in it.
std::string uv_settings_of(const ProjectTables& tables) {
    toml::table settings;
    if (!tables.exclude_newer.empty()) settings.insert("exclude-newer", tables.exclude_newer);
    if (!tables.exclude_newer_of.empty()) {
        toml::table each;
        for (const auto& one : tables.exclude_newer_of)
            each.insert(one.substr(0, one.find('=')), one.substr(one.find('=') + 1));
        settings.insert("exclude-newer-package", std::move(each));
    }
    if (!tables.resolution.empty()) settings.insert("resolution", tables.resolution);
    if (!tables.index_strategy.empty()) settings.insert("index-strategy", tables.index_strategy);
    toml::array indexes;
    for (const auto& index : tables.indexes) {
        if (index.url.empty()) continue;
        toml::table entry{{"url", index.url}};
        if (!index.name.empty()) entry.insert("name", index.name);
        if (index.is_default) entry.insert("default", true);
        if (index.is_explicit && !index.name.empty()) entry.insert("explicit", true);
        indexes.push_back(std::move(entry));
    }
    if (!indexes.empty()) settings.insert("index", std::move(indexes));
    std::ostringstream text;
    if (!settings.empty()) text << settings << "\n\n";
    text << extra_build_settings(tables.extra_build_requires);
    return text.str();
}

Failure not_by_pip(const std::string& what) {
    return bad_input("INSTALLER pip", fmt::format("has no word for {}", what),
                     "say INSTALLER uv, or give a LOCK in the format of requirements files");
}

}  // namespace

InstallerOptions options_of_tables(const ProjectTables& tables, const Manifest& manifest) {
    InstallerOptions options;
    options.find_links = tables.find_links;
    options.no_index = tables.no_index;
    options.pre = tables.pre;
    options.no_binary = tables.no_binary;
    options.only_binary = tables.only_binary;
    options.config_settings = tables.config_settings;
    if (manifest.installer.kind == InstallerKind::uv) {
        options.build_constraints = tables.build_constraints;
        options.uv_settings = uv_settings_of(tables);
        return options;
    }
    for (const auto& index : tables.indexes)
        if (index.is_default) options.index_url = index.url;
    return options;
}

Result<void> require_obeyed(const ProjectTables& tables, const Manifest& manifest) {
    if (!tables.unread_by_resolver.empty())
        return bad_input(tables.unread_by_resolver.front(),
                         "is found and not read: what is resolved without it may be something else",
                         "lock with the project's own tool (`uv lock`, `poetry lock`, `pdm lock`): "
                         "its lock is taken");
    if (manifest.installer.kind == InstallerKind::uv) return {};
    if (!tables.overrides.empty()) return not_by_pip("overrides: " + tables.overrides.front());
    if (!tables.exclude_newer.empty() || !tables.exclude_newer_of.empty())
        return not_by_pip("[tool.uv] exclude-newer");
    if (!tables.resolution.empty()) return not_by_pip("[tool.uv] resolution");
    if (!tables.index_strategy.empty()) return not_by_pip("[tool.uv] index-strategy");
    for (const auto& index : tables.indexes)
        if (!index.is_default && !index.is_explicit)
            return not_by_pip(
                fmt::format("the order of indexes, and the project asks {} first", index.url));
    return require_builds_obeyed(tables, manifest);
}

Result<void> require_builds_obeyed(const ProjectTables& tables, const Manifest& manifest) {
    if (manifest.installer.kind == InstallerKind::uv) return {};
    if (!tables.build_constraints.empty())
        return not_by_pip("[tool.uv] build-constraint-dependencies");
    if (!tables.extra_build_requires.empty())
        return not_by_pip("[tool.uv] extra-build-dependencies");
    if (!tables.config_settings.empty()) return not_by_pip("[tool.uv] config-settings-package");
    return {};
}

}  // namespace dba::steps
