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

struct VerifyDebInputs {
    std::filesystem::path deb;
    const std::vector<Layer>& layers;  // what the package was planned to hold
    std::filesystem::path debian;
};

// Compares a finished .deb's control member and entry headers with the plan. One without a plan is
// verify_package()'s to judge.
Result<Findings> verify_deb(const VerifyDebInputs& inputs, System& system);

}  // namespace dba::steps
