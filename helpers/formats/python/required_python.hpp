// Which Pythons a project, or the lock of one, is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

constexpr int oldest_python = 9;   // the minor version of the oldest that is supported
constexpr int newest_python = 15;  // of the newest that there is

struct PythonDemand {
    std::string where;       // "pyproject.toml: requires-python"
    std::string text;        // as written: ">=3.12", "^3.11"
    bool of_poetry = false;  // Poetry's spelling, and its alternatives

    // Whether "3.11.2" is one of them. What cannot be read allows everything: whoever builds or
    // installs judges it.
    [[nodiscard]] bool allows(const std::string& version) const;
    // Whether all releases of 3.X are, and whether any is.
    [[nodiscard]] bool allows_all_of(int minor) const;
    [[nodiscard]] bool allows_some_of(int minor) const;
};

// What the files of a project say, as far as they are there: [project], Poetry's and Flit's tables,
// setup.cfg, a literal in setup.py. bad_input for a pyproject.toml that is no TOML.
Result<std::optional<PythonDemand>> demand_of_project(const std::optional<std::string>& pyproject,
                                                      const std::optional<std::string>& setup_cfg,
                                                      const std::optional<std::string>& setup_py);

// What locks say, each in its own words; nothing where that cannot be read. `name` is the file's.
std::optional<PythonDemand> demand_of_pylock(std::string_view text, const std::string& name);
std::optional<PythonDemand> demand_of_uv_lock(std::string_view text, const std::string& name);
std::optional<PythonDemand> demand_of_poetry_lock(std::string_view text, const std::string& name);
std::optional<PythonDemand> demand_of_pdm_lock(std::string_view text, const std::string& name);
std::optional<PythonDemand> demand_of_pipfile_lock(std::string_view text, const std::string& name);
std::optional<PythonDemand> demand_of_pipfile(std::string_view text, const std::string& name);

}  // namespace dba
