// A finished .deb against its plan.
#pragma once

#include <filesystem>
#include <vector>

#include "deb/compare.hpp"
#include "deb/control_member.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba::steps {

struct PlannedDeb {
    std::filesystem::path deb;
    const std::vector<Layer>& layers;  // what the package was planned to hold
    std::filesystem::path debian;
    deb::WrittenTexts written;  // what the packer compressed itself
    deb::Md5Sums md5;           // of the plan's files, as far as they are known
};

// What of the package differs from the plan, of its data and its control member: all of it is read.
Result<Findings> compare_with_plan(const PlannedDeb& planned);

// Judges what control says of a package that holds what was planned. One without a plan is
// verify_package()'s to judge.
Result<Findings> verify_deb(const std::filesystem::path& deb, const std::vector<Layer>& layers);

}  // namespace dba::steps
