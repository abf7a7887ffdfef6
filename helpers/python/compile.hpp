// .pyc files, the same for the same source wherever and whenever they are made.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba {

// Where the environment's modules lie, as paths on the target.
std::vector<std::string> module_directories(const Manifest& manifest);

// Compiles every module below `directories` (paths on the target) of the tree at `root` that has
// no .pyc yet (PEP 3147, PEP 552), for its path on the target, by templates/python/compile.py. A
// file that is no Python of this version (a template, test data, Python 2) is left as it is, and
// would fail in the same way when imported.
Result<void> compile_modules(const fs::path& python, const fs::path& root,
                             const std::vector<std::string>& directories, const Manifest& manifest,
                             System& system);

}  // namespace dba
