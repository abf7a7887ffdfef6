// pack: layers, DEBIAN/ -> .deb, by the packer the manifest names (see packers/).
#pragma once

#include <filesystem>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/render/render.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct PackInputs {
    const std::vector<Layer>& layers;  // the stack, host layer last
    const Rendered& rendered;
    std::size_t settled = 0;  // how many of the first layers a change of the source leaves alone
};

// The finished package, NAME_VERSION_ARCH.deb, inside the store.
Result<std::filesystem::path> pack(const Manifest& manifest, const PackInputs& inputs,
                                   System& system);

}  // namespace dba::steps
