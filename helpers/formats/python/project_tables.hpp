// What a project says about where its requirements come from, beside PEP 621: [tool.uv],
// [tool.poetry], [tool.pdm], a Pipfile, and dependency groups (PEP 735).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct NamedIndex {
    std::string name, url;
    bool is_default = false;   // asked last, in place of the installer's own
    bool is_explicit = false;  // asked for what is sent to it alone
};

// Where one name is sent.
struct SentName {
    enum class Kind { path, workspace, url, index };
    Kind kind = Kind::path;
    std::string target;  // a path as written, "git+URL@REV#subdirectory=x" or an archive's URL, or
                         // the name of an index
    bool is_package = true;            // false: only what it requires is wanted
    std::string marker, extra, group;  // where it counts; "" = everywhere
    std::string table;                 // "[tool.uv.sources]", for errors
};

struct ProjectTables {
    std::string name;                           // of [project] or [tool.poetry]
    std::multimap<std::string, SentName> sent;  // by normalised name
    std::vector<NamedIndex> indexes;
    std::vector<std::string> find_links;
    bool no_index = false;
    bool pre = false;

    // Requirements (PEP 508).
    std::vector<std::string> constraints, overrides, build_constraints;
    std::map<std::string, std::vector<std::string>> extra_build_requires;  // by distribution
    std::map<std::string, std::vector<std::string>> groups;                // by normalised name
    // Of a project that no backend describes: Pipfile's packages.
    std::vector<std::string> dependencies;

    std::vector<std::string> no_binary, only_binary;
    std::vector<std::string> config_settings;  // "NAME:KEY=VALUE"
    std::string exclude_newer;
    std::vector<std::string> exclude_newer_of;  // "NAME=DATE"
    std::string resolution, index_strategy;     // uv's words

    struct Workspace {
        std::vector<std::string> members, exclude;  // globs
    };
    std::optional<Workspace> workspace;

    // Settings that are there and not read: what a resolver would need, what builds would.
    std::vector<std::string> unread_by_resolver, unread_by_builds;
    // All of the tables in one spelling: another text means that another answer may be due.
    std::string canonical;
};

// bad_input for text that is no TOML, and for entries that cannot be meant.
Result<ProjectTables> parse_project_tables(std::string_view pyproject,
                                           const std::string& file_name);
Result<ProjectTables> parse_pipfile(std::string_view text, const std::string& file_name);

}  // namespace dba
