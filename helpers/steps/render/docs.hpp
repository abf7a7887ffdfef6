// /usr/share/doc/NAME and the lintian overrides.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/render/plan.hpp"

namespace dba::steps {

// "Sun, 23 Nov 2025 03:14:00 +0000", as debian/changelog wants it (Policy 4.4), always UTC.
std::string changelog_date(std::int64_t seconds_since_epoch);

// A generated entry of debian/changelog for this version.
std::string changelog_entry(const Manifest& manifest);

// copyright (Policy 12.5), changelog (12.7), overrides: what else is in the plan is there by now.
// Reads LICENSE_FILE, or
// the licences that the application's distribution brings, and CHANGELOG.
Result<void> add_documents(const Manifest& manifest, const std::vector<Layer>& layers,
                           HostPlan& plan);

}  // namespace dba::steps
