// What a Python project says of itself: pyproject.toml (PEP 621, Poetry), setup.cfg, setup.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct ProjectMetadata {
    std::string name;     // as written
    std::string version;  // PEP 440; "" when the file does not say it outright
    std::string summary, homepage, license;
    std::string requires_python;             // of setup.cfg and setup.py alone
    std::vector<std::string> people;         // "Name <address>", maintainers before authors
    std::vector<std::string> version_files;  // where else the version is written: files of the
                                             // project, to be tried in order by find_version()
};

// An Error only for text that is no TOML; a pyproject.toml without [project] is fine.
Result<ProjectMetadata> parse_pyproject(std::string_view text, std::string_view file_name);
ProjectMetadata parse_setup_cfg(std::string_view text);
// Literal keyword arguments of the setup() call, and names bound to a literal at top level.
// Nothing is run: code of the project runs only in the build's own environment.
ProjectMetadata parse_setup_py(std::string_view text);

// The version in a file named by version_files: `__version__ = "1.2"`, `VERSION = "1.2"`, or the
// only word of the file. "" when there is none.
std::string find_version(std::string_view text);

// Whether these files, as far as they are there, describe a project: a setup.py, a pyproject.toml
// with [project], [build-system] or [tool.poetry], a setup.cfg with [metadata] or [options]. Files
// that only set up linters and the like do not.
Result<bool> describes_project(const std::optional<std::string>& pyproject,
                               const std::optional<std::string>& setup_cfg,
                               const std::optional<std::string>& setup_py,
                               std::string_view pyproject_name);

// Fills what `metadata` leaves empty from `fallback`.
void merge(ProjectMetadata& metadata, const ProjectMetadata& fallback);

}  // namespace dba
