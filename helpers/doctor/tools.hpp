// Programs that a build needs, and those that something needs.
#pragma once

#include "doctor/check.hpp"
#include "system/process/process.hpp"

namespace dba {

// Each program with the version that it says, or the package that brings it.
Checks check_tools(ProcessRunner& processes);

}  // namespace dba
