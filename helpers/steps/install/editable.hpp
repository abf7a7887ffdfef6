// Editable installs (PEP 660): what is installed leads to the source, which is no part of a
// package.
#pragma once

#include <string>

#include "model/manifest.hpp"
#include "python/venv.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// The refusal; `why` is what shows it: "two.pth leads to /src/two".
Failure editable_install(const std::string& distribution, const std::string& why);

// Refuses the distribution of `info` (a *.dist-info) when direct_url.json says that it is editable
// (PEP 610), when it has a finder (__editable__*), or a .pth that leads out of the venv or
// imports a finder.
Result<void> refuse_editable(const fs::path& info, const std::string& distribution,
                             const Venv& venv, const Manifest& manifest);

}  // namespace dba::steps
