// bin/activate and its like: what turns a shell into one of the environment.
#pragma once

#include <string>

#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

// Writes activate, activate.csh, activate.fish and Activate.ps1 for PREFIX into PREFIX/bin of the
// tree at `root`, by the venv module of `python` itself (templates/python/activate.py): they are
// what `python -m venv PREFIX` would leave there, whoever installs the distributions.
Result<void> write_activate_scripts(const fs::path& python, const fs::path& root,
                                    const Manifest& manifest, System& system);

}  // namespace dba::steps
