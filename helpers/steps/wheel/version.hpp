// One version: what the wheel says of itself counts in all that comes after it.
#pragma once

#include "model/manifest.hpp"
#include "steps/wheel/wheel.hpp"

namespace dba::steps {

// Name and version of the application are the wheel's, and the Debian version is made of it, unless
// VERSION says one. bad_input for a placeholder that nothing replaced.
Result<void> take_version(Manifest& manifest, const BuiltWheel& wheel);

// What the wheel says of the application where neither the declaration nor the project's files did:
// synopsis, homepage, maintainer. Warns where nobody is named.
void take_description(Manifest& manifest, const BuiltWheel& wheel, System& system);

}  // namespace dba::steps
