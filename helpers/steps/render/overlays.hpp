// The directories below /etc/NAME that are the administrator's: overlays over what the package
// sets.
#pragma once

#include <string>

#include "model/manifest.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// Which of them is at or above the absolute path; "" for none. No version of a package writes,
// changes or deletes anything there.
std::string administrators_directory(const Manifest& manifest, const std::string& path);

// Whether the target has /etc/NAME/conf.d: where there is something to lay over.
bool has_overlays(const Manifest& manifest);

// Whether the target has /etc/NAME/credentials: where a service has one at no path of its own.
bool has_default_credentials(const Manifest& manifest, const std::vector<HostService>& services);

// bad_input for a file of the package in such a directory.
Result<void> refuse_administrators(const Manifest& manifest, const HostPlan& plan);

}  // namespace dba::steps
