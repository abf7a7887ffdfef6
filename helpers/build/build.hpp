// The build: the steps in order, and the files a build leaves behind.
#pragma once

#include <filesystem>

#include "build/options.hpp"
#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "system/system.hpp"

namespace dba {

struct Built {
    Manifest manifest;
    std::filesystem::path deb;    // NAME_VERSION_ARCH.deb in the output directory
    std::filesystem::path shown;  // what the last step made, when `until` stopped the build
    int steps_made = 0;           // how many steps found no receipt and did work
};

// What add_venv_deb() wrote: NAME.declaration.json.
Result<Declaration> read_declaration(const std::filesystem::path& file);

Result<Built> build(const BuildOptions& options, System& system);

}  // namespace dba
