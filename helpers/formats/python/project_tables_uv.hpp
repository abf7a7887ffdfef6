// [tool.uv] (uv's documentation, "Settings").
#pragma once

#include <toml++/toml.h>

#include <string>

#include "formats/python/project_tables.hpp"

namespace dba::tables {

Result<void> read_uv(const toml::table& uv, const std::string& where, ProjectTables& tables);

}  // namespace dba::tables
