// Whether apt could install relations in a Debian root, by its package lists; nothing is changed,
// and nothing of the root is run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

struct Installability {
    bool known = true;  // false: the root has no package lists to ask
    // That no host with these lists alone can have, and that the root has not either.
    std::vector<std::string> refused;
    // That only this root has: installed, and in none of its lists.
    std::vector<std::string> only_installed;
    std::string said;  // apt's words about the refused ones
};

// Asks this machine's apt to solve them with the root's lists, for a machine that has nothing yet;
// what that does not have, with what is installed in the root. `scratch` is an existing directory.
// Error: there is no apt here.
Result<Installability> find_installable(const std::vector<std::string>& relations,
                                        const std::filesystem::path& root,
                                        const std::string& architecture,
                                        const std::filesystem::path& scratch,
                                        const Environment& environment, ProcessRunner& processes);

}  // namespace dba
