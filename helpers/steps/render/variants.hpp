// CONFIG_VARIANTS: its files in the package, and debconf's question.
#pragma once

#include <optional>
#include <string>

#include "model/manifest.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/scripts.hpp"

namespace dba::steps {

// Nothing without CONFIG_VARIANTS. Adds every variant's files below /usr/share/NAME/variants.
Result<std::optional<HostVariants>> add_variant_files(const Manifest& manifest, HostPlan& plan);

// What ucf is to bring to /etc/NAME cannot be a conffile of this version as well, nor one of an
// earlier version that the declaration wants gone. Asked when the plan is complete.
Result<void> refuse_variant_clash(const HostVariants& variants, const Manifest& manifest,
                                  const Conffiles& conffiles, const HostPlan& plan);

// DEBIAN/templates (debconf-devel(7)).
std::string debconf_templates(const Manifest& manifest, const HostVariants& variants);

}  // namespace dba::steps
