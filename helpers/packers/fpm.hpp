// PACKER fpm.
#pragma once

#include <filesystem>

#include "packers/packer.hpp"

namespace dba::packers {

Result<void> pack_with_fpm(const Plan& plan, const std::filesystem::path& scratch,
                           const std::filesystem::path& output, System& system);

}  // namespace dba::packers
