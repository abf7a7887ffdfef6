// NAME-run: the program in /usr/bin that runs a command with what a service would see.
#pragma once

#include <vector>

#include "model/manifest.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// Nothing for a package without a user.
Result<void> add_run_as(const Manifest& manifest, const std::vector<HostService>& services,
                        HostPlan& plan);

}  // namespace dba::steps
