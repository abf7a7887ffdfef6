// The directories below /etc/NAME that are the administrator's: overlays over what the package
// sets.
#pragma once

#include <vector>

#include "model/manifest.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// Whether the target has /etc/NAME/conf.d: where there is something to lay over.
bool has_overlays(const Manifest& manifest);

// Whether the target has /etc/NAME/credentials: where a service has one at no path of its own.
bool has_default_credentials(const Manifest& manifest, const std::vector<HostService>& services);

}  // namespace dba::steps
