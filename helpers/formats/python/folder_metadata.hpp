// The packaging metadata of an application that is no package: what pyproject.toml says of it, in
// the form that a wheel has.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct FolderMetadata {
    std::string metadata;      // METADATA (core metadata 2.1)
    std::string entry_points;  // entry_points.txt; "" = none
};

// Of [project] (PEP 621), else of [tool.poetry]; `name` and `version` are what the distribution is
// called. `locked`: there is a poetry.lock, which decides between alternatives. bad_input for
// requirements that cannot be read, and for such that only a build backend could compute.
Result<FolderMetadata> folder_metadata(const std::optional<std::string>& pyproject,
                                       const std::string& file_name, const std::string& name,
                                       const std::string& version, bool locked);

// Whether any of Requires-Dist is of the application itself, and not of an extra.
bool requires_something(const std::vector<std::string>& requires_dist);

}  // namespace dba
