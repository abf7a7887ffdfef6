// From a request to the pins that answer it.
#pragma once

#include <string>
#include <vector>

#include "steps/lock/request.hpp"

namespace dba::steps {

// The lock without its first line. Hashes that a requirements file names are the only ones in it.
Result<std::string> resolve_pins(LockRequest& request, const LockWork& work);

// What built sources ask for by URL, and what the project's tables or their own send to a source,
// to the end of the chain; commits of git only when `git` says so.
Result<std::vector<BuiltSource>> nested_sources(std::vector<BuiltSource> built, bool git,
                                                const LockWork& work);

}  // namespace dba::steps
