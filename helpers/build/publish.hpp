// What a build leaves for the build tool: the package under its two names.
#pragma once

#include <ctime>
#include <filesystem>

#include "build/build.hpp"

namespace dba {

// Copies `packed` (NAME_VERSION_ARCH.deb in the store) to options.output and to the output
// directory, and drops the file of another version that this work directory made there before.
//
// options.output gets the time the build started: whatever is edited while the build runs is newer,
// hence built again. The named copy gets an old time: it stands in the depfile, so that its loss is
// noticed, and must never look newer than the output.
Result<std::filesystem::path> publish(const std::filesystem::path& packed,
                                      const BuildOptions& options, const timespec& start);

}  // namespace dba
