// INSTALLER uv.
#pragma once

#include "python/installer.hpp"

namespace dba {

extern const InstallerWays installer_uv;

}  // namespace dba
