// What a machine lets its users do, and how much room it has.
#pragma once

#include <filesystem>

#include "doctor/check.hpp"

namespace dba {

// The suite, namespaces, subordinate ids, and room in the directories that a build writes to
// (besides them, `directory`).
Checks check_machine(const std::filesystem::path& directory);

}  // namespace dba
