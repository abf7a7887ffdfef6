// What a build is asked for.
#pragma once

#include <filesystem>
#include <string>

#include "system/cache/settings.hpp"

namespace dba {

struct BuildOptions {
    std::filesystem::path declaration;
    std::filesystem::path work;         // receipts, layers and everything between the steps
    std::filesystem::path output;       // the fixed name, "" when only a step is asked for
    std::filesystem::path output_dir;   // gets NAME_VERSION_ARCH.deb; "" = beside `output`
    std::filesystem::path pin;          // NAME.pin.json; "" = WORK/pin.json
    std::filesystem::path depfile;      // "" = none
    bool update = false;                // ask the remote again where a branch is
    bool refresh_lock = false;          // lock again although no input changed
    std::string for_suite;              // this machine, or root, is of that suite; "" = any
    std::filesystem::path joined;       // what all suites of the package have; "" = it is for one
    std::filesystem::path target_root;  // of another architecture; "" = the declaration's
    CacheSettings cache;                // default: none
    std::string until;                  // the last step to run; "" = all
};

}  // namespace dba
