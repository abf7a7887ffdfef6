// Compilers and package managers that lie in the caller's home: rustup's and cargo's, node's, Go's
// and others'. A build's HOME is a fresh directory, so it is told where they are, as it is told
// where netrc is. They enter no digest; what they leave in the package, the leak gate finds.
#pragma once

#include <filesystem>
#include <vector>

#include "system/process/environment.hpp"

namespace dba {

// The variables that name them: the caller's own, else the usual place in the caller's home, where
// that is there. Their programs come last in PATH. rustc is told to name none of these directories.
void pass_toolchains(Environment& environment);

// Where they are, for the leak gate.
std::vector<std::filesystem::path> toolchain_directories();

}  // namespace dba
