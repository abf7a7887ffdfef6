// What .gitignore files say of paths.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba::git {

// Those of `paths` (of files, from `top`) that a .gitignore at or below `top` hides, tracked or
// not: build backends that read the file do not ask what is tracked. `scratch` is an empty
// directory.
Result<std::set<std::string>> ignored_paths(const std::filesystem::path& top,
                                            const std::vector<std::string>& paths,
                                            const std::filesystem::path& scratch);

}  // namespace dba::git
