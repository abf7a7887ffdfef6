// Which directories of this machine a build inside another suite's root needs, at their own paths.
#pragma once

#include <filesystem>
#include <vector>

#include "build/options.hpp"
#include "model/declaration.hpp"
#include "system/process/environment.hpp"

namespace dba {

struct SuitePlace {
    std::filesystem::path path;
    bool writable = false;
};

// What the declaration, the options and the connection settings in `environment` name, with the
// repositories around it: sorted, none below another of its kind. System directories are the
// root's own, whatever names them; a source that lies in one is seen all the same.
std::vector<SuitePlace> suite_places(const Declaration& declaration, const BuildOptions& options,
                                     const Environment& environment);

}  // namespace dba
