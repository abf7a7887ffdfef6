// depends: layers -> depends.json. ELF and interpreter needs as Debian dependencies of the target.
#pragma once

#include <vector>

#include "model/dependencies.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct DependsInputs {
    const std::vector<Layer>& layers;
};

Result<Dependencies> depends(const Manifest& manifest, const DependsInputs& inputs, System& system);

}  // namespace dba::steps
