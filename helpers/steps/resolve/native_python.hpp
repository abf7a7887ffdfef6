// A target that is another machine: what runs in place of its Python.
#pragma once

#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

// What of the target is another machine's (`Target::is_foreign`), and that this machine has the
// Python which it takes, of the same version: it builds, installs and compiles in its place.
// bad_input where it has not, and for an architecture that packages are not made for.
Result<void> resolve_native(Target& target, const ResolvedPython& python, System& system);

}  // namespace dba::steps
