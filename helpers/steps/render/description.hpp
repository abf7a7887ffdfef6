// What the package says of itself to programs: /usr/lib/NAME/package.json.
#pragma once

#include <vector>

#include "model/manifest.hpp"
#include "model/result.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// The rehearsal, and whoever else has only the finished package, learns from it what the services
// are; what a health check asks stands nowhere else but in a shell script.
Result<void> add_description(const Manifest& manifest, const std::vector<HostService>& services,
                             const std::vector<std::string>& overridden, HostPlan& plan);

}  // namespace dba::steps
