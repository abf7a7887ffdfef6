// One layer as the installer left it -> the same layer as it belongs on the target.
#pragma once

#include <string>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

// Fills `tree` with the layer's entries: unchanged files as hard links, the rest rewritten.
//   - what EXCLUDE names is left out
//   - Python's shebangs that name the staging directory, or just "python" (PEP 427), and those of
//     every executable file, name PREFIX/bin/python3
//   - scripts that the installer wrote for entry points are written in one form for all installers
//   - modes are 0755 for directories, executable files and scripts in bin, 0644 for others,
//     whatever the umask was
//   - what the installer leaves about itself goes (direct_url.json, uv_*.json, REQUESTED), and
//     INSTALLER (PEP 376) is this program
//   - ELF files look for libraries where they will be (steps/relocate/elf.hpp)
//   - text that names the staging directory names the final path instead, however it is spelt
//     (formats/text/directory_names.hpp)
//   - a file that LEAK_WAIVER names keeps its contents
//   - RECORD has the rewritten files' hashes, is sorted, and has no row of what is gone; .pyc files
//     have no row, since they are made here for every module alike
// bad_input for a binary file that names the staging directory or the work directory, with file,
// offset and origin; for a line break in a name, which dpkg's lists cannot hold.
Result<void> rewrite_layer(const Layer& layer, const std::string& staging, const Manifest& manifest,
                           const fs::path& tree, System& system);

// Whether its WHEEL files say that it was compiled on this machine.
Result<bool> is_built_here(const Layer& layer);

}  // namespace dba::steps
