// build-deps: BUILD_DEPENDS against dpkg before any work; installed through apt-get on request.
#pragma once

#include <string>
#include <vector>

#include "system/system.hpp"

namespace dba::steps {

// The relations of `build_depends` that the system at `root` does not meet; empty when it meets
// all.
Result<std::vector<std::string>> missing_build_depends(
    const std::vector<std::string>& build_depends, const std::string& root);

// An error (bad_input) naming all that is missing, with the apt-get line to paste.
Result<void> require_build_depends(const std::vector<std::string>& build_depends,
                                   const std::string& root, const std::string& package);

// `apt-get satisfy`, under eatmydata where present.
Result<void> install_build_depends(const std::vector<std::string>& build_depends, System& system);

}  // namespace dba::steps
