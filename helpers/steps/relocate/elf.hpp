// Where ELF files look for libraries: DT_RPATH and DT_RUNPATH as they must be on the target.
#pragma once

#include <optional>
#include <string>

#include "formats/binary/elf.hpp"
#include "formats/text/directory_names.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct ElfOrigin {
    std::string path;               // of the file, on the target
    bool built_here = false;        // from a source distribution, on this machine
    const DirectoryNames& staging;  // what stood for "/"
    const DirectoryNames& build;    // where the build works
};

// The search path (entries joined by ':', "" for none), or nothing when it can stay:
//   - what leads to a directory of PREFIX, or to where it was staged, is relative to $ORIGIN
//   - what leads to where the build worked goes, and, in a file that was compiled on this machine,
//     what leads anywhere else but to the system's own libraries (/lib*, /usr/lib*): no target has
//     it. A library that was needed from there is then missing, and the build fails by its name.
std::optional<std::string> final_search_path(const ElfInfo& info, const ElfOrigin& origin,
                                             const Manifest& manifest);

// Gives `file` that search path by patchelf, of the kind (DT_RPATH or DT_RUNPATH) it has now.
Result<void> set_search_path(const fs::path& file, const ElfInfo& info, const std::string& value,
                             System& system);

// Whether a distribution was compiled on this machine: WHEEL's tags name the plain platform
// ("linux_x86_64", which no index takes) and not what it is compatible with (PEP 600, PEP 656).
bool is_built_here(const std::vector<std::string>& wheel_tags);

}  // namespace dba::steps
