// PACKER layered: the .deb written by this program itself: the same layers give the same bytes.
#pragma once

#include <filesystem>

#include "packers/packer.hpp"

namespace dba::packers {

// The sections of the data member are kept in the store, where the next package finds those that
// have not changed. What is written is read back and held against them.
Result<void> pack_layered(const Plan& plan, const std::filesystem::path& scratch,
                          const std::filesystem::path& output, Store& store);
void keep_layered(const Plan& plan, Store& store);

}  // namespace dba::packers
