// A WHEELHOUSE, before anything is installed from it.
#pragma once

#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/lock/locked.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

// bad_input naming what the lock needs and WHEELHOUSE has no file of, and for a wheel of the lock
// that has a member that leads out of it. A truncated file, and one of the right name with another
// hash, are the installer's to refuse. `beside` are directories that the lock's find-links name.
// Nothing to do without WHEELHOUSE.
Result<void> check_wheelhouse(const std::vector<LockedRequirement>& lock,
                              const std::vector<fs::path>& beside, const Manifest& manifest,
                              const Layer& interpreter, System& system);

}  // namespace dba::steps
