// [tool.poetry] and Pipfiles: dependencies as a name and a constraint, or a table.
#pragma once

#include <toml++/toml.h>

#include <string>

#include "formats/python/project_tables.hpp"

namespace dba::tables {

Result<void> read_poetry_tables(const toml::table& poetry, const std::string& where,
                                ProjectTables& tables);

}  // namespace dba::tables
