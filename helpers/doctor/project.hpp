// The packages that a build directory declares: whether this machine has what they name.
#pragma once

#include <filesystem>
#include <vector>

#include "doctor/check.hpp"
#include "model/declaration.hpp"

namespace dba {

// The NAME.declaration.json files in a build directory and below, sorted.
std::vector<std::filesystem::path> declarations_in(const std::filesystem::path& directory);

// Sources, wheelhouses and locks, build dependencies, packers, roots of suites.
Checks check_project(const Declaration& declaration);

}  // namespace dba
