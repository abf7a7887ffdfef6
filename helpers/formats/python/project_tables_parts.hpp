// Shared by the readers of project tables: uv's, Poetry's and PDM's, Pipenv's.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <vector>

#include "formats/python/project_tables.hpp"

namespace dba::tables {

std::string string_at(const toml::table& table, std::string_view key);
std::vector<std::string> strings_at(const toml::table& table, std::string_view key);

// Poetry's and Pipenv's way to say one dependency: a constraint, or a table with a version or a
// source. Adds the PEP 508 requirement to `list`, and where the name is sent.
Result<void> add_loose_dependency(const std::string& name, const toml::node& node,
                                  const std::string& table, const std::string& group,
                                  const std::string& where, ProjectTables& tables,
                                  std::vector<std::string>* list);

Result<void> read_pdm(const toml::table& pdm, const std::string& where, ProjectTables& tables);

}  // namespace dba::tables
