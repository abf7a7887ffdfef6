// install: lock, wheel -> layers, one per third-party distribution and one for the application.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/install/contested.hpp"
#include "steps/lock/lock.hpp"
#include "steps/wheel/wheel.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct InstallInputs {
    const Layer& interpreter;
    const Lock& lock;
    const BuiltWheel& wheel;
};

// Layers as the installer left them: contents still name `staging`, the directory that stood for
// "/" while it ran. `keys` address them by what they were made from (their bytes may differ from
// run to run until relocate has been over them).
struct StagedLayers {
    std::string staging;
    std::vector<Layer> layers;
    std::vector<std::string> keys;  // one per layer: of its own pin alone, so that a changed pin
                                    // leaves the other layers as they are
    std::vector<ContestedPath> contested;  // what distributions of these have different files at
};

struct Installed {
    StagedLayers third_party;
    StagedLayers application;  // exactly one layer
};

Result<Installed> install(const Manifest& manifest, const InstallInputs& inputs, System& system);

}  // namespace dba::steps
