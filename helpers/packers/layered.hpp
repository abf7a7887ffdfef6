// PACKER layered: the .deb written by this program itself: the same layers give the same bytes.
#pragma once

#include <filesystem>

#include "packers/packer.hpp"

namespace dba::packers {

Result<void> pack_layered(const Plan& plan, const std::filesystem::path& scratch,
                          const std::filesystem::path& output);

}  // namespace dba::packers
