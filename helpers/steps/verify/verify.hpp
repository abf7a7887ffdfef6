// verify: layers, DEBIAN/ -> findings. A failed check fails the build.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/verify_report.hpp"
#include "steps/render/render.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct VerifyInputs {
    const std::vector<Layer>& layers;  // the stack, host layer last
    const Rendered& rendered;
    const std::vector<SearchedDirectory>&
        build_directories;  // must be named nowhere in the package
};

// LEAK_WAIVERs take leaks out of the findings: they are asked last, so that a changed waiver judges
// anew and reads nothing again.
Result<VerifyReport> verify(const Manifest& manifest, const VerifyInputs& inputs, System& system);

}  // namespace dba::steps
