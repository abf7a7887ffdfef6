// Build backends and plugins that take the version, or the list of files, from git.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

struct GitTool {
    std::string_view name;  // of its distribution
    bool lists_files;       // packs what git tracks
};

// The first of `requirements` ("setuptools-scm[toml]>=8") that is one.
std::optional<GitTool> git_tool_among(const std::vector<std::string>& requirements);

// The environment variables by which these tools are told a version instead of asking git.
std::map<std::string, std::string> version_variables(const std::string& distribution,
                                                     const std::string& version);
// Whether the tool has such a variable.
bool takes_version(const GitTool& tool);

// Whether a project file (pyproject.toml, setup.cfg, setup.py) says which tags are the project's:
// then that decides.
bool chooses_tags(std::string_view project_file);

// "0.0.0", "0.0.0.post4.dev0+abc", "0+unknown": what stands where a version is to come.
bool is_placeholder_version(std::string_view version);

}  // namespace dba
