// The build: the steps in order, and the files a build leaves behind.
#pragma once

#include <filesystem>
#include <string>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "system/system.hpp"

namespace dba {

struct BuildOptions {
    std::filesystem::path declaration;
    std::filesystem::path work;        // receipts, layers and everything between the steps
    std::filesystem::path output;      // the fixed name, "" when only a step is asked for
    std::filesystem::path output_dir;  // gets NAME_VERSION_ARCH.deb; "" = beside `output`
    std::filesystem::path pin;         // NAME.pin.json; "" = WORK/pin.json
    std::filesystem::path depfile;     // "" = none
    bool update = false;               // ask the remote again where a branch is
    bool refresh_lock = false;         // lock again although no input changed
    std::string until;                 // the last step to run; "" = all
};

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
