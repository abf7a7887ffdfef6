// depends: layers -> depends.json. ELF and interpreter needs as Debian dependencies of the target.
#pragma once

#include <filesystem>
#include <vector>

#include "model/dependencies.hpp"
#include "model/joined_suites.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct DependsInputs {
    const std::vector<Layer>& layers;
    // What several suites have for the needs of these layers; nullptr: the target is asked.
    const JoinedSuites* joined = nullptr;
};

// The needs alone, for other roots to be asked (LibraryNeeds): a file in the store.
Result<std::filesystem::path> keep_needs(const Manifest& manifest, const std::vector<Layer>& layers,
                                         System& system);

Result<Dependencies> depends(const Manifest& manifest, const DependsInputs& inputs, System& system);

}  // namespace dba::steps
