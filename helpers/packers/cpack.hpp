// PACKER cpack: CPack's DEB generator writes the data member.
#pragma once

#include <filesystem>

#include "packers/packer.hpp"

namespace dba::packers {

Result<void> pack_with_cpack(const Plan& plan, const std::filesystem::path& scratch,
                             const std::filesystem::path& output, System& system);

}  // namespace dba::packers
