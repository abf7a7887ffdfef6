// The services' user, for those who make users from files: images, and hosts with systemd.
#pragma once

#include "model/manifest.hpp"
#include "model/result.hpp"
#include "steps/render/plan.hpp"

namespace dba::steps {

// /usr/lib/sysusers.d/NAME.conf (sysusers.d(5)), for the user that postinst makes; nothing for one
// that every host has.
Result<void> add_user_file(const Manifest& manifest, HostPlan& plan);

}  // namespace dba::steps
