// INSTALLER pip.
#pragma once

#include "python/installer.hpp"

namespace dba {

extern const InstallerWays installer_pip;

}  // namespace dba
