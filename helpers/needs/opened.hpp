// Recommends, for libraries that modules open by name: no binary says that they are needed, and an
// application may do without.
#pragma once

#include <filesystem>
#include <vector>

#include "model/dependencies.hpp"
#include "needs/scan.hpp"
#include "needs/target.hpp"

namespace dba {

// The packages of `target`, or of the package lists in `lists`, that have what `scans` open, into
// `found`, with the reasons. Not those that `found` depends on, and none for a library that the
// scanned files bring themselves. What no package has is for another system.
void add_opened_libraries(const std::vector<LayerScan>& scans, TargetRoot& target,
                          const std::filesystem::path& lists, Dependencies& found);

}  // namespace dba
