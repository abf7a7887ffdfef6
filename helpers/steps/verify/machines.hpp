// Binaries that the target's machine cannot load.
#pragma once

#include "formats/python/extension_name.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "needs/scan.hpp"

namespace dba::steps {

// Findings for extension modules that this Python would import and whose machine is another one,
// whatever their names say; and, in a package for another machine, for all that is this machine's:
// something compiled it here.
void check_machines(const Manifest& manifest, const Layer& layer, const LayerScan& scan,
                    Findings& findings);

}  // namespace dba::steps
