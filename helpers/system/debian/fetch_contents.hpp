// The suite's indexes of contents for a kept root, whose own lists have none.
#pragma once

#include <filesystem>

#include "model/result.hpp"
#include "system/debian/kept_root.hpp"

namespace dba {

// The directory with them, of packages of one architecture or of "all", beside the root: fetched by
// this machine's apt from the root's mirrors, as their signed Release files say, and kept for as
// long as the root is. An error when they cannot be had.
Result<std::filesystem::path> fetch_contents(const KeptRoot& root, const std::string& architecture,
                                             const std::string& step,
                                             const Environment& environment,
                                             ProcessRunner& processes, Log& log);

}  // namespace dba
