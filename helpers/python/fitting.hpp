// Which files fit an environment, by the tags in their names.
#pragma once

#include <string>

#include "python/markers.hpp"

namespace dba {

// Whether a wheel of this name, or any sdist, can be installed for that Python. Approximate where
// installers differ (build tags, debug ABIs): it accepts, and the installer decides.
bool fits(const std::string& file_name, const MarkerAnswers& answers);
// "cp311, abi3 or py3 wheels for x86_64 (glibc up to 2.36) or any platform, and sdists"
std::string what_would_fit(const MarkerAnswers& answers);

}  // namespace dba
