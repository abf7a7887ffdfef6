// Roots of another architecture, whose programs this machine does not run: packages are unpacked,
// and what dpkg would have written about them is written.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

// What mmdebstrap is asked for besides: the packages of a minimal system and `packages`, with what
// `relations` (Policy 7.1) bring along. `scratch`, which mmdebstrap's ids can read, gets a hook.
Result<std::vector<std::string>> extracting_words(const std::string& architecture,
                                                  const std::vector<std::string>& packages,
                                                  const std::vector<std::string>& relations,
                                                  const fs::path& scratch);

}  // namespace dba
