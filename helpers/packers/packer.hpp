// One plan -> .deb, three ways: cpack (CPack's DEB generator), fpm, layered (our own writer).
#pragma once

#include <filesystem>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::packers {

struct Plan {
    const Manifest& manifest;
    const std::vector<Layer>& layers;  // whole stack; collisions already refused
    std::filesystem::path debian;      // control, conffiles, maintainer scripts
};

// Each writes `output`; `scratch` is theirs to use.
Result<void> pack_with_cpack(const Plan& plan, const std::filesystem::path& scratch,
                             const std::filesystem::path& output, System& system);
Result<void> pack_with_fpm(const Plan& plan, const std::filesystem::path& scratch,
                           const std::filesystem::path& output, System& system);

// The .deb written by this program itself: the same layers give the same bytes.
Result<void> pack_layered(const Plan& plan, const std::filesystem::path& scratch,
                          const std::filesystem::path& output);

}  // namespace dba::packers
