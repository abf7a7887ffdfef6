#include "formats/python/project_tables.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "formats/debian/version.hpp"
#include "formats/python/poetry.hpp"
#include "formats/python/project_tables_parts.hpp"
#include "formats/python/project_tables_poetry.hpp"
#include "formats/python/project_tables_uv.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace tables {

std::string string_at(const toml::table& table, std::string_view key) {
    return table[key].value_or(std::string());
}

std::vector<std::string> strings_at(const toml::table& table, std::string_view key) {
    std::vector<std::string> strings;
    if (const auto* array = table[key].as_array())
        for (const auto& item : *array)
            if (const auto text = item.value<std::string>()) strings.push_back(*text);
    if (const auto text = table[key].value<std::string>()) strings.push_back(*text);
    return strings;
}

namespace {

// "git@host:path" is ssh's short form.
std::string git_url(const std::string& address, const std::string& reference,
                    const std::string& subdirectory) {
    std::string url = address;
    const auto colon = url.find(':');
    if (url.find("://") == std::string::npos && colon != std::string::npos &&
        url.find('@') < colon) {
        url[colon] = '/';
        url = "ssh://" + url;
    }
    url = "git+" + url;
    if (!reference.empty()) url += "@" + reference;
    if (!subdirectory.empty()) url += "#subdirectory=" + subdirectory;
    return url;
}

std::string first_of(const toml::table& table, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (auto text = string_at(table, key); !text.empty()) return text;
    return {};
}

Result<std::string> marker_of(const toml::table& table, const std::string& where) {
    std::vector<std::string> parts;
    if (const auto markers = string_at(table, "markers"); !markers.empty())
        parts.push_back("(" + markers + ")");
    if (const auto python = string_at(table, "python"); !python.empty()) {
        TRY_ASSIGN(const std::string marker, python_marker(python, where));
        if (!marker.empty()) parts.push_back(marker);
    }
    if (const auto platform = string_at(table, "platform"); !platform.empty())
        parts.push_back(fmt::format("sys_platform == '{}'", platform));
    // Pipenv: any marker's variable may stand as a key.
    for (const char* name : {"sys_platform", "os_name", "platform_machine", "python_version",
                             "python_full_version", "platform_system"})
        if (const auto value = string_at(table, name); !value.empty())
            parts.push_back(fmt::format("{} {}", name, value));
    return fmt::format("{}", fmt::join(parts, " and "));
}

}  // namespace

Result<void> add_loose_dependency(const std::string& name, const toml::node& node,
                                  const std::string& table, const std::string& group,
                                  const std::string& where, ProjectTables& tables,
                                  std::vector<std::string>* list) {
    if (const auto* several = node.as_array()) {
        for (const auto& one : *several)
            TRY(add_loose_dependency(name, one, table, group, where, tables, list));
        return {};
    }
    std::string constraint = node.value_or(std::string());
    std::string marker, extras;
    SentName sent;
    sent.table = table;
    sent.group = group;
    if (const auto* entry = node.as_table()) {
        constraint = string_at(*entry, "version");
        TRY_ASSIGN(marker, marker_of(*entry, where));
        const auto asked = strings_at(*entry, "extras");
        if (!asked.empty()) extras = fmt::format("[{}]", fmt::join(asked, ","));
        sent.marker = marker;
        if (const auto path = string_at(*entry, "path"); !path.empty()) {
            sent.target = path;
        } else if (const auto git = string_at(*entry, "git"); !git.empty()) {
            sent.kind = SentName::Kind::url;
            sent.target = git_url(git, first_of(*entry, {"rev", "ref", "tag", "branch"}),
                                  string_at(*entry, "subdirectory"));
        } else if (const auto url = first_of(*entry, {"url", "file"}); !url.empty()) {
            sent.kind =
                url.find("://") == std::string::npos ? SentName::Kind::path : SentName::Kind::url;
            sent.target = url;
        } else if (const auto index = first_of(*entry, {"source", "index"}); !index.empty()) {
            sent.kind = SentName::Kind::index;
            sent.target = index;
        }
        if (!sent.target.empty()) tables.sent.emplace(normalise_distribution(name), sent);
    }
    if (list == nullptr) return {};
    TRY_ASSIGN(const std::string specifiers,
               poetry_specifiers(constraint, fmt::format("{}: {}", where, name)));
    list->push_back(
        fmt::format("{}{}{}{}", name, extras, specifiers, marker.empty() ? "" : " ; " + marker));
    return {};
}

namespace {

// [[tool.pdm.source]]: the one called pypi takes the place of the installer's own.
Result<void> read_pdm_source(const toml::table& source, const std::string& where,
                             ProjectTables& tables) {
    const NamedIndex index{string_at(source, "name"), string_at(source, "url"),
                           string_at(source, "name") == "pypi"};
    if (string_at(source, "type") == "find_links") {
        tables.find_links.push_back(index.url);
    } else {
        tables.indexes.push_back(index);
    }
    if (source.contains("exclude_packages"))
        tables.unread_by_resolver.emplace_back("[[tool.pdm.source]] exclude_packages");
    for (const auto& name : strings_at(source, "include_packages")) {
        if (name.find_first_of("*?[") != std::string::npos)
            return bad_input(where,
                             fmt::format("[[tool.pdm.source]] include_packages {}: only "
                                         "whole names are read",
                                         name),
                             "write the names, or give pdm.lock");
        tables.sent.emplace(
            normalise_distribution(name),
            SentName{SentName::Kind::index, index.name, true, {}, {}, {}, "[[tool.pdm.source]]"});
    }
    return {};
}

}  // namespace

Result<void> read_pdm(const toml::table& pdm, const std::string& where, ProjectTables& tables) {
    if (const auto* sources = pdm["source"].as_array())
        for (const auto& item : *sources)
            if (const auto* source = item.as_table()) TRY(read_pdm_source(*source, where, tables));
    if (const auto* groups = pdm["dev-dependencies"].as_table())
        for (const auto& [name, list] : *groups) {
            auto& group = tables.groups[normalise_distribution(name.str())];
            if (const auto* items = list.as_array())
                for (const auto& item : *items) group.push_back(item.value_or(std::string()));
        }
    const auto* resolution = pdm["resolution"].as_table();
    if (resolution == nullptr) return {};
    tables.pre = tables.pre || (*resolution)["allow-prereleases"].value_or(false);
    if (const auto* overrides = (*resolution)["overrides"].as_table())
        for (const auto& [name, value] : *overrides) {
            const std::string version = value.value_or(std::string());
            const bool url = version.find("://") != std::string::npos;
            TRY_ASSIGN(const std::string specifiers, url ? Result<std::string>(" @ " + version)
                                                         : poetry_specifiers(version, where));
            tables.overrides.push_back(std::string(name.str()) + specifiers);
        }
    if (resolution->contains("excludes"))
        tables.unread_by_resolver.emplace_back("[tool.pdm.resolution] excludes");
    return {};
}

}  // namespace tables

namespace {

// PEP 735: a list of requirements, and of {include-group = "other"}.
Result<void> flatten_group(const toml::table& all, const std::string& name,
                           const std::string& where, std::set<std::string>& open,
                           std::vector<std::string>& list) {
    for (const auto& [key, node] : all) {
        if (normalise_distribution(key.str()) != name || !node.is_array()) continue;
        if (!open.insert(name).second)
            return bad_input(where, fmt::format("[dependency-groups] {} includes itself", name));
        for (const auto& item : *node.as_array()) {
            if (const auto text = item.value<std::string>()) list.push_back(*text);
            const auto* table = item.as_table();
            if (table == nullptr) continue;
            const std::string other = tables::string_at(*table, "include-group");
            TRY(flatten_group(all, normalise_distribution(other), where, open, list));
        }
        open.erase(name);
        return {};
    }
    return bad_input(where, fmt::format("[dependency-groups] includes {}, which it has not", name));
}

}  // namespace

Result<ProjectTables> parse_project_tables(std::string_view pyproject,
                                           const std::string& file_name) {
    toml::table root;
    try {
        root = toml::parse(pyproject, file_name);
    } catch (const toml::parse_error& error) {
        return bad_input(fmt::format("{}:{}", file_name, error.source().begin.line),
                         std::string(error.description()));
    }
    ProjectTables found;
    std::ostringstream canonical;
    if (const auto* project = root["project"].as_table()) {
        found.name = tables::string_at(*project, "name");
    }
    if (const auto* groups = root["dependency-groups"].as_table()) {
        canonical << *groups << "\n";
        for (const auto& [key, node] : *groups) {
            const std::string name = normalise_distribution(key.str());
            std::set<std::string> open;
            TRY(flatten_group(*groups, name, file_name, open, found.groups[name]));
        }
    }
    if (const auto* uv = root["tool"]["uv"].as_table()) {
        canonical << *uv << "\n";
        TRY(tables::read_uv(*uv, file_name, found));
    }
    if (const auto* poetry = root["tool"]["poetry"].as_table()) {
        for (const char* part : {"dependencies", "group", "dev-dependencies", "source"})
            if (const auto* table = poetry->get(part))
                table->visit([&](const auto& node) { canonical << part << " = " << node << "\n"; });
        TRY(tables::read_poetry_tables(*poetry, file_name, found));
    }
    if (const auto* pdm = root["tool"]["pdm"].as_table()) {
        canonical << *pdm << "\n";
        TRY(tables::read_pdm(*pdm, file_name, found));
    }
    found.canonical = canonical.str();
    return found;
}

}  // namespace dba
