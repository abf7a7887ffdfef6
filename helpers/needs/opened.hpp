// Recommends, for libraries that modules open by name: no binary says that they are needed, and an
// application may do without.
#pragma once

#include <filesystem>
#include <set>
#include <string>
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

// The parts of it. Which libraries `scans` open, and do not bring themselves; without relations.
std::vector<DependencyReason> opened_libraries(const std::vector<LayerScan>& scans);
// All packages that a root has or could have, by its package lists.
using PackageNames = std::set<std::string, std::less<>>;
PackageNames known_packages(const TargetRoot& target, const std::filesystem::path& lists);
// "" for what is in none, or always there.
std::string package_with_opened(const std::string& library, const PackageNames& names,
                                TargetRoot& target);

}  // namespace dba
