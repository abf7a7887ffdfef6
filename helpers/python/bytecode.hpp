// Compiled modules, kept for every PREFIX: all that a PREFIX changes in them is the name of their
// source, which is put in afterwards. So the second package with an interpreter or a library
// compiles nothing of it.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba {

// A source in this tree, and its path on the target.
struct ModuleSource {
    fs::path source;
    std::string name;
};

struct Bytecode {
    Receipt receipt;  // of what `shared` is made of, whatever PREFIX is
    std::vector<ModuleSource> shared;
    std::vector<ModuleSource> own;  // out of PREFIX, or naming it: it may show in their bytecode
};
Result<Bytecode> bytecode_of(const fs::path& python, const std::vector<ModuleSource>& modules,
                             const Manifest& manifest);

// Takes what was just compiled beside the modules into `fresh`.
Result<void> keep_bytecode(const std::vector<ModuleSource>& modules, const Manifest& manifest,
                           const fs::path& fresh);

// Puts what is kept beside the modules. False, with some of it there, when one must be compiled.
Result<bool> place_bytecode(const fs::path& kept, const std::vector<ModuleSource>& modules,
                            const Manifest& manifest);

}  // namespace dba
