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
    std::string abi;        // "cp311", "cp314t": of the wheels made for this Python alone
};

Result<MarkerAnswers> marker_answers(const Manifest& manifest, const Layer& interpreter,
                                     System& system);

}  // namespace dba
