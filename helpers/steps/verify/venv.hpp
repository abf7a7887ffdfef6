// Judging the environment as a whole while it is built, without starting it: done once for a
// stack of layers, the report kept under their digests.
#pragma once

#include <vector>

#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

// Distributions have their metadata and go together, none is an editable install, and the modules
// that console and GUI scripts name are there.
Result<Findings> check_environment(const Manifest& manifest, const std::vector<Layer>& layers,
                                   System& system);

}  // namespace dba::steps
