// The plan as a tree on disk, for packers that are other programs.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "deb/stack.hpp"
#include "model/result.hpp"

namespace dba::packers {

// Names that CPack would damage (a backslash becomes a slash) or refuse (bytes that are no UTF-8)
// stand in the tree under names of their own, and get back their real ones in the archive.
struct StagedNames {
    std::map<std::string, std::string> paths;    // staged path -> path on the target
    std::map<std::string, std::string> targets;  // path on the target -> real link target
    [[nodiscard]] bool empty() const { return paths.empty() && targets.empty(); }
};

enum class Naming {
    exact,     // every name as it is
    portable,  // stand-ins for what CPack cannot carry
};

// Makes `tree` (which must not exist): directories and symlinks anew with the plan's modes,
// whatever the umask is; files as hard links of the layers' files (copies where that is
// impossible). Nobody may edit the files in place.
Result<StagedNames> stage(const std::vector<deb::PlannedEntry>& plan,
                          const std::filesystem::path& tree, Naming naming);

}  // namespace dba::packers
