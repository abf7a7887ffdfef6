// What environment markers and wheel tags are judged by: the environment's own Python answers.
#pragma once

#include <string>
#include <vector>

#include "formats/python/marker.hpp"
#include "formats/python/requirement.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba {

struct MarkerAnswers {
    MarkerContext markers;  // extras are the declaration's, groups none
    std::string machine;    // "x86_64", as in wheel tags
    int glibc_minor = 0;    // of glibc 2.MINOR
};

Result<MarkerAnswers> marker_answers(const Manifest& manifest, const Layer& interpreter,
                                     System& system);

// Whether a wheel of this name, or any sdist, can be installed for that Python. Approximate where
// installers differ (build tags, debug ABIs): it accepts, and the installer decides.
bool fits(const std::string& file_name, const MarkerAnswers& answers);
// "cp311, abi3 or py3 wheels for x86_64 (glibc up to 2.36) or any platform, and sdists"
std::string what_would_fit(const MarkerAnswers& answers);

}  // namespace dba
