// What a project and its lock say of the Python that they are for: looked at before anything is
// built or resolved.
#pragma once

#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "steps/wheel/wheel.hpp"
#include "system/host.hpp"
#include "system/system.hpp"

namespace dba::steps {

// bad_input, with what to say instead, when the project's metadata or the lock that counts
// (declared, among REQUIREMENTS, or the project's own) is for other Pythons.
Result<void> check_python(const Manifest& manifest, const FetchedSource& source,
                          const PythonPlaces& places, System& system);

// The same of what the application's build has computed.
Result<void> check_python_of(const BuiltWheel& wheel, const Manifest& manifest,
                             const PythonPlaces& places, System& system);

}  // namespace dba::steps
