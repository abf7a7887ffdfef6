// relocate: layers -> layers. Final paths, .pyc, RECORD; nothing of the build path is left.
#pragma once

#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/install/install.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct RelocateInputs {
    const Layer& interpreter;
    const Installed& installed;
};

// The stack, bottom first: interpreter, one per distribution, application.
Result<std::vector<Layer>> relocate(const Manifest& manifest, const RelocateInputs& inputs,
                                    System& system);

}  // namespace dba::steps
