#include "formats/python/project_tables_uv.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>

#include "formats/debian/version.hpp"
#include "formats/python/project_tables_parts.hpp"

namespace dba::tables {
namespace {

// What says nothing about which files are installed, or how they are built; or what a lock alone
// needs.
constexpr std::array uv_says_nothing{"managed",
                                     "package",
                                     "default-groups",
                                     "dependency-groups",
                                     "cache-keys",
                                     "cache-dir",
                                     "build-backend",
                                     "environments",
                                     "conflicts",
                                     "required-version",
                                     "pip",
                                     "preview",
                                     "python-downloads",
                                     "python-preference",
                                     "link-mode",
                                     "compile-bytecode",
                                     "native-tls",
                                     "system-certs",
                                     "offline",
                                     "keyring-provider",
                                     "publish-url",
                                     "check-url",
                                     "trusted-publishing",
                                     "add-bounds",
                                     "no-cache",
                                     "fork-strategy",
                                     "http-proxy",
                                     "https-proxy",
                                     "no-proxy",
                                     "no-progress",
                                     "preview-features",
                                     "concurrent-builds",
                                     "concurrent-installs",
                                     "concurrent-downloads",
                                     "python-install-mirror",
                                     "pypy-install-mirror",
                                     "required-environments",
                                     "reinstall",
                                     "reinstall-package",
                                     "upgrade",
                                     "upgrade-package",
                                     "allow-insecure-host"};
constexpr std::array uv_is_read{"sources",
                                "index",
                                "index-url",
                                "extra-index-url",
                                "find-links",
                                "no-index",
                                "constraint-dependencies",
                                "override-dependencies",
                                "build-constraint-dependencies",
                                "exclude-newer",
                                "exclude-newer-package",
                                "extra-build-dependencies",
                                "prerelease",
                                "no-binary-package",
                                "no-build-package",
                                "no-binary",
                                "no-build",
                                "config-settings-package",
                                "dev-dependencies",
                                "workspace",
                                "resolution",
                                "index-strategy"};
// What the build of an sdist would need, whoever resolved it.
constexpr std::array uv_is_for_builds{"no-build-isolation", "no-build-isolation-package",
                                      "config-settings", "extra-build-variables"};

template <class List>
bool is_in(const List& list, std::string_view key) {
    return std::find(list.begin(), list.end(), key) != list.end();
}

Result<SentName> uv_source(const toml::table& entry, const std::string& name,
                           const std::string& where) {
    SentName sent;
    sent.table = "[tool.uv.sources]";
    sent.marker = string_at(entry, "marker");
    sent.extra = string_at(entry, "extra");
    sent.group = string_at(entry, "group");
    const auto fragment = [&] {
        const auto subdirectory = string_at(entry, "subdirectory");
        return subdirectory.empty() ? "" : "#subdirectory=" + subdirectory;
    };
    if (entry["workspace"].value_or(false)) {
        sent.kind = SentName::Kind::workspace;
        sent.target = name;
    } else if (auto path = string_at(entry, "path"); !path.empty()) {
        sent.target = path;
        sent.is_package = entry["package"].value_or(true);
    } else if (auto git = string_at(entry, "git"); !git.empty()) {
        sent.kind = SentName::Kind::url;
        std::string reference;
        for (const char* key : {"rev", "tag", "branch"})
            if (reference.empty()) reference = string_at(entry, key);
        sent.target =
            fmt::format("git+{}{}{}", git, reference.empty() ? "" : "@" + reference, fragment());
    } else if (auto url = string_at(entry, "url"); !url.empty()) {
        sent.kind = SentName::Kind::url;
        sent.target = url + fragment();
    } else if (auto index = string_at(entry, "index"); !index.empty()) {
        sent.kind = SentName::Kind::index;
        sent.target = index;
    } else {
        return bad_input(where,
                         fmt::format("[tool.uv.sources] {} is no path, workspace, git, url or "
                                     "index",
                                     name));
    }
    return sent;
}

Result<void> read_uv_sources(const toml::table& sources, const std::string& where,
                             ProjectTables& tables) {
    for (const auto& [key, node] : sources) {
        const std::string name(key.str());
        std::vector<const toml::table*> entries;
        if (const auto* one = node.as_table()) entries.push_back(one);
        if (const auto* several = node.as_array())
            for (const auto& item : *several)
                if (const auto* one = item.as_table()) entries.push_back(one);
        for (const auto* entry : entries) {
            TRY_ASSIGN(auto sent, uv_source(*entry, name, where));
            tables.sent.emplace(normalise_distribution(name), std::move(sent));
        }
    }
    return {};
}

void read_uv_indexes(const toml::table& uv, ProjectTables& tables) {
    if (const auto* list = uv["index"].as_array())
        for (const auto& item : *list)
            if (const auto* index = item.as_table()) {
                if (string_at(*index, "format") == "flat")
                    tables.find_links.push_back(string_at(*index, "url"));
                else
                    tables.indexes.push_back({string_at(*index, "name"), string_at(*index, "url"),
                                              (*index)["default"].value_or(false),
                                              (*index)["explicit"].value_or(false)});
            }
    for (const auto& url : strings_at(uv, "extra-index-url")) tables.indexes.push_back({"", url});
    if (const auto url = string_at(uv, "index-url"); !url.empty())
        tables.indexes.push_back({"", url, true});
    for (const auto& place : strings_at(uv, "find-links")) tables.find_links.push_back(place);
    tables.no_index = uv["no-index"].value_or(false);
}

// { name = ["setuptools", { requirement = "torch", match-runtime = true }] }
void read_extra_build(const toml::table& all, ProjectTables& tables) {
    for (const auto& [name, node] : all) {
        const auto* list = node.as_array();
        if (list == nullptr) continue;
        for (const auto& item : *list) {
            if (const auto text = item.value<std::string>())
                tables.extra_build_requires[normalise_distribution(name.str())].push_back(*text);
            else
                tables.unread_by_builds.push_back(
                    fmt::format("[tool.uv] extra-build-dependencies {}: match-runtime",
                                std::string(name.str())));
        }
    }
}

}  // namespace

Result<void> read_uv(const toml::table& uv, const std::string& where, ProjectTables& tables) {
    if (const auto* sources = uv["sources"].as_table())
        TRY(read_uv_sources(*sources, where, tables));
    read_uv_indexes(uv, tables);
    tables.constraints = strings_at(uv, "constraint-dependencies");
    tables.overrides = strings_at(uv, "override-dependencies");
    tables.build_constraints = strings_at(uv, "build-constraint-dependencies");
    if (const auto* extra = uv["extra-build-dependencies"].as_table())
        read_extra_build(*extra, tables);
    tables.exclude_newer = string_at(uv, "exclude-newer");
    if (const auto* each = uv["exclude-newer-package"].as_table())
        for (const auto& [name, date] : *each)
            tables.exclude_newer_of.push_back(
                fmt::format("{}={}", std::string(name.str()), date.value_or(std::string())));
    if (const auto pre = string_at(uv, "prerelease"); pre == "allow")
        tables.pre = true;
    else if (!pre.empty() && pre != "if-necessary-or-explicit" && pre != "if-necessary")
        tables.unread_by_resolver.push_back("[tool.uv] prerelease = " + pre);
    tables.no_binary = strings_at(uv, "no-binary-package");
    tables.only_binary = strings_at(uv, "no-build-package");
    if (uv["no-binary"].value_or(false)) tables.no_binary = {":all:"};
    if (uv["no-build"].value_or(false)) tables.only_binary = {":all:"};
    tables.resolution = string_at(uv, "resolution");
    tables.index_strategy = string_at(uv, "index-strategy");
    if (const auto* each = uv["config-settings-package"].as_table())
        for (const auto& [name, settings] : *each)
            if (const auto* values = settings.as_table())
                for (const auto& [key, value] : *values)
                    for (const auto& text : strings_at(*values, key.str()))
                        tables.config_settings.push_back(fmt::format(
                            "{}:{}={}", std::string(name.str()), std::string(key.str()), text));
    if (uv.contains("dev-dependencies")) {
        auto& dev = tables.groups["dev"];
        for (auto& text : strings_at(uv, "dev-dependencies")) dev.push_back(std::move(text));
    }
    if (const auto* workspace = uv["workspace"].as_table())
        tables.workspace = ProjectTables::Workspace{strings_at(*workspace, "members"),
                                                    strings_at(*workspace, "exclude")};
    for (const auto& [key, value] : uv) {
        const std::string name(key.str());
        if (is_in(uv_is_for_builds, name))
            tables.unread_by_builds.push_back("[tool.uv] " + name);
        else if (!is_in(uv_says_nothing, name) && !is_in(uv_is_read, name))
            tables.unread_by_resolver.push_back("[tool.uv] " + name);
    }
    return {};
}

}  // namespace dba::tables
