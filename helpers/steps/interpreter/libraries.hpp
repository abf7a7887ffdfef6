// The shared libraries of a copied interpreter: which come along, and how each file finds them.
#pragma once

#include <string>

#include "python/bundle.hpp"
#include "system/system.hpp"

namespace dba::steps {

// What belongs to the C library and the compilers' runtimes, and to the target alone: a second libc
// cannot be loaded, and an older libstdc++ would be too old for the wheels beside it.
bool is_runtime_library(const std::string& soname);

// Copies into PREFIX/python/lib, as far as the interpreter and its extension modules need it:
//   - its libpython, and any library that lies in its own prefix or that no Debian package owns;
//   - with PYTHON_LIBRARIES BUNDLED all others too, but the C library and the compilers' runtimes.
// Then gives every file that needs one of them a RUNPATH relative to itself ($ORIGIN, ld.so(8)),
// and takes away every other RPATH and RUNPATH: under an absolute one the copy would load the
// original's libpython where the package is built, and nothing on the target.
Result<void> bring_libraries(const PythonOrigin& origin, const Manifest& manifest,
                             const fs::path& prefix, System& system);

// sha256 of the patchelf that bring_libraries() runs; "" when there is none.
Result<std::string> patchelf_digest();

}  // namespace dba::steps
