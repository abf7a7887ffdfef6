// CONFIGURE_PLAYBOOK: the playbook in the package, and the unit that plays it on the target.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/render/plan.hpp"

namespace dba::steps {

struct HostConfigure {
    std::string unit;         // "hello-configure.service"
    std::string fingerprint;  // version and digest of playbook and variables: what is configured
    bool brings_ansible = false;  // ansible-core is one of the package's distributions
};

// Nothing without CONFIGURE_PLAYBOOK. Adds the playbook's directory below
// /usr/share/NAME/configure, driver and order in /usr/lib/NAME, and the unit.
Result<std::optional<HostConfigure>> add_configure_files(const Manifest& manifest,
                                                         const std::vector<Layer>& layers,
                                                         HostPlan& plan);

}  // namespace dba::steps
