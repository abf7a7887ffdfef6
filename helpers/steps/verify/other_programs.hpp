// Programs in PREFIX/bin that nothing of the package starts: told by their number, since many are
// of extras that nobody asked for.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/verify/distributions.hpp"
#include "steps/verify/laid_out.hpp"
#include "steps/verify/layer.hpp"
#include "system/system.hpp"

namespace dba::steps {

// Whether it is the application's own; nullptr is nobody's.
bool is_application(const Distribution* distribution, const Manifest& manifest);

struct OtherProgramsInputs {
    const Manifest& manifest;
    const PythonEnvironment& environment;
    const LaidOut& place;
    Isolation isolation;
};

// Those of other distributions than the application, but for `used`.
Result<LayerReport> judge_other_programs(const OtherProgramsInputs& inputs,
                                         const std::vector<std::string>& used, System& system);

}  // namespace dba::steps
