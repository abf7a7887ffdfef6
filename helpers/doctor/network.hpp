// What a build asks over the network, and whether it answers; and, by what it says, the clock.
#pragma once

#include <vector>

#include "doctor/check.hpp"
#include "model/declaration.hpp"
#include "system/process/process.hpp"

namespace dba {

// The package index that installers take by default and those that `declarations` name, the apt
// mirrors of this machine, and how far its clock is from theirs.
Checks check_network(const std::vector<Declaration>& declarations, ProcessRunner& processes);

}  // namespace dba
