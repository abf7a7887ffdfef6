// interpreter: manifest -> layer. The complete interpreter (BUNDLED) or a venv on the host's
// (SYSTEM).
#pragma once

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct InterpreterInputs {};

// The layer holds PREFIX/pyvenv.cfg, PREFIX/bin/python{,3,3.X} and, when bundled, PREFIX/python/.
// Its .pyc files are final; those of what is installed on top are relocate's. Beside layer.json of
// a bundled one lies trimmed.json (see python/bundle_parts.hpp).
Result<Layer> interpreter(const Manifest& manifest, const InterpreterInputs& inputs,
                          System& system);

}  // namespace dba::steps
