#include "formats/python/project_tables_poetry.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "formats/debian/version.hpp"
#include "formats/python/project_tables_parts.hpp"

namespace dba {
namespace tables {
namespace {

Result<void> read_poetry_group(const toml::table* dependencies, const std::string& table,
                               const std::string& group, const std::string& where,
                               ProjectTables& tables) {
    if (dependencies == nullptr) return {};
    auto& list = tables.groups[normalise_distribution(group)];
    for (const auto& [name, node] : *dependencies)
        TRY(add_loose_dependency(std::string(name.str()), node, table, group, where, tables,
                                 &list));
    return {};
}

// "primary" (the default), "supplemental", "explicit"; the older "default" and "secondary".
void read_poetry_sources(const toml::array& sources, ProjectTables& tables) {
    std::size_t last_primary = 0;
    bool any_primary = false;
    for (const auto& item : sources) {
        const auto* source = item.as_table();
        if (source == nullptr) continue;
        const std::string priority = string_at(*source, "priority");
        NamedIndex index{string_at(*source, "name"), string_at(*source, "url")};
        if (priority == "supplemental" || priority == "secondary") {
            tables.unread_by_resolver.push_back(
                fmt::format("[[tool.poetry.source]] {} with priority {}", index.name, priority));
            continue;
        }
        index.is_explicit = priority == "explicit";
        // "PyPI" may stand there without a URL: the installer's own.
        if (index.url.empty()) continue;
        if (!index.is_explicit) {
            any_primary = true;
            last_primary = tables.indexes.size();
        }
        tables.indexes.push_back(index);
    }
    // Primary sources take the place of the installer's own, and are asked in order.
    if (any_primary) tables.indexes[last_primary].is_default = true;
}

}  // namespace

Result<void> read_poetry_tables(const toml::table& poetry, const std::string& where,
                                ProjectTables& tables) {
    if (tables.name.empty()) tables.name = string_at(poetry, "name");
    if (const auto* main = poetry["dependencies"].as_table())
        for (const auto& [name, node] : *main)
            if (name.str() != "python")
                TRY(add_loose_dependency(std::string(name.str()), node,
                                         "[tool.poetry.dependencies]", {}, where, tables, nullptr));
    TRY(read_poetry_group(poetry["dev-dependencies"].as_table(), "[tool.poetry.dev-dependencies]",
                          "dev", where, tables));
    if (const auto* groups = poetry["group"].as_table())
        for (const auto& [name, node] : *groups) {
            const auto* group = node.as_table();
            if (group == nullptr) continue;
            TRY(read_poetry_group(
                (*group)["dependencies"].as_table(),
                fmt::format("[tool.poetry.group.{}.dependencies]", std::string(name.str())),
                std::string(name.str()), where, tables));
        }
    if (const auto* sources = poetry["source"].as_array()) read_poetry_sources(*sources, tables);
    return {};
}

}  // namespace tables

Result<ProjectTables> parse_pipfile(std::string_view text, const std::string& file_name) {
    toml::table root;
    try {
        root = toml::parse(text, file_name);
    } catch (const toml::parse_error& error) {
        return bad_input(fmt::format("{}:{}", file_name, error.source().begin.line),
                         std::string(error.description()));
    }
    ProjectTables found;
    found.canonical = std::string(text);
    if (const auto* sources = root["source"].as_array())
        for (const auto& item : *sources)
            if (const auto* source = item.as_table())
                // Pipenv asks the first for all that name no other.
                found.indexes.push_back({tables::string_at(*source, "name"),
                                         tables::string_at(*source, "url"), found.indexes.empty(),
                                         !found.indexes.empty()});
    found.pre = root["pipenv"]["allow_prereleases"].value_or(false);
    for (const auto& [key, node] : root) {
        const std::string category(key.str());
        const auto* packages = node.as_table();
        if (packages == nullptr || category == "requires" || category == "scripts" ||
            category == "pipenv")
            continue;
        const bool main = category == "packages";
        auto* list = main ? &found.dependencies : &found.groups[normalise_distribution(category)];
        for (const auto& [name, value] : *packages)
            TRY(tables::add_loose_dependency(std::string(name.str()), value,
                                             fmt::format("Pipfile's [{}]", category),
                                             main ? "" : category, file_name, found, list));
    }
    return found;
}

}  // namespace dba
