// A Python that the application is not for.
#pragma once

#include "formats/python/required_python.hpp"
#include "model/manifest.hpp"
#include "system/host.hpp"
#include "system/system.hpp"

namespace dba::steps {

// bad_input when the package's Python is none of those that are demanded, with those that would do:
// the words for each that is on this machine, else where one comes from.
Result<void> require_python(const PythonDemand& demand, const Manifest& manifest,
                            const PythonPlaces& places, System& system);

}  // namespace dba::steps
