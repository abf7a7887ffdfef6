// The parts of resolve that look at the target root and at the installer.
#pragma once

#include <filesystem>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

// os-release, architecture and state digest of the root directory (DESIGN: "a target is a name and
// a root directory").
Result<Target> resolve_target(const std::string& root);

// uv of the declaration, of setup.sh, or in PATH; "" when there is none.
std::filesystem::path uv_of(const Declaration& declaration);

// uv or pip, with the version that enters the layers' digests.
Result<Installer> resolve_installer(InstallerKind kind, const Declaration& declaration,
                                    System& system);

}  // namespace dba::steps
