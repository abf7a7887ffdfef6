// The files and directories that a declaration names: for what is packaged beside the application,
// and for how it is made.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"

namespace dba {

struct NamedPath {
    std::string keyword;
    std::string* path;                      // in the declaration, and not empty
    const InstalledFiles* group = nullptr;  // of FILES
};

// Without what the build itself brings: BUILD_INPUTS, WHEELHOUSE and the application.
std::vector<NamedPath> named_paths(Declaration& declaration);

}  // namespace dba
