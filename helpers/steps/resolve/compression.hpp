// COMPRESSION_LEVEL: which there are, and which packers can be told.
#pragma once

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

// The declared one; 0 where none is: the packer's own. bad_input for one that the compression does
// not have, or that the packer has no word for.
Result<int> resolve_level(const Declaration& declaration, Compression compression, Packer packer);

// CPack can be told from CMake 4.3 on: bad_input for a level and an older one.
Result<void> check_cpack_level(const Manifest& manifest, System& system);

}  // namespace dba::steps
