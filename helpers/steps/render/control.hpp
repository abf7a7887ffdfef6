// DEBIAN/control (Policy 5.3) of the package.
#pragma once

#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "model/manifest.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// One list of relations from several, the strongest version of each package kept, in the order in
// which packages first appear. bad_input with `field` as its subject for what is no relation.
Result<std::string> merge_relations(const std::string& field,
                                    const std::vector<std::string>& relations);

// Without Installed-Size, which is the packer's. `commands`: what the package puts on PATH.
Result<std::string> control_text(const Manifest& manifest, const Dependencies& dependencies,
                                 const std::vector<HostService>& services,
                                 const std::vector<std::string>& commands = {});

}  // namespace dba::steps
