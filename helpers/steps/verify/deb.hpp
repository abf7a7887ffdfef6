// A finished .deb against its plan.
#pragma once

#include <filesystem>
#include <vector>

#include "deb/compare.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/result.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct VerifyDebInputs {
    std::filesystem::path deb;
    const std::vector<Layer>& layers;  // what the package was planned to hold
    std::filesystem::path debian;
    deb::WrittenTexts written;  // what the packer compressed itself
    bool is_proven = false;     // the packer has held the data and control members against the plan
};

// Compares a finished .deb's control member and entry headers with the plan, and judges what
// control says. One without a plan is verify_package()'s to judge.
Result<Findings> verify_deb(const VerifyDebInputs& inputs, System& system);

}  // namespace dba::steps
