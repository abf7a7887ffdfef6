// The wheel of an application that is no package. Its files go to PREFIX/app, so that RECORD owns
// them there, and a .pth puts that directory first on sys.path.
#pragma once

#include "steps/wheel/wheel.hpp"

namespace dba::steps {

// A directory with the wheel, and its dist-info beside it. bad_input for what cannot be shipped as
// it stands: links that lead out, modules that hide Python's own. Logs what is left out.
Result<fs::path> build_folder(const Manifest& manifest, const WheelInputs& inputs, System& system);

}  // namespace dba::steps
