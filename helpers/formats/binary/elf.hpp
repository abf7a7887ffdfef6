// What a binary needs from others, read from its bytes through libelf.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct ElfInfo {
    bool is_64 = false;
    unsigned machine = 0;              // e_machine, EM_X86_64 = 62
    unsigned type = 0;                 // e_type: ET_EXEC 2, ET_DYN 3
    std::string soname;                // DT_SONAME
    std::string interpreter;           // PT_INTERP, "/lib64/ld-linux-x86-64.so.2"; "" for libraries
    std::vector<std::string> needed;   // DT_NEEDED, in order
    std::vector<std::string> rpath;    // DT_RPATH, split at ':'
    std::vector<std::string> runpath;  // DT_RUNPATH, split at ':'
    std::map<std::string, std::vector<std::string>> version_needs;  // library -> versions
    std::vector<std::string> version_definitions;  // without the base one (the soname)
    // Symbols taken from other libraries, "name@VERSION", or "name" when unversioned.
    std::vector<std::string> undefined_symbols;
    std::vector<std::string> weak_symbols;  // those among them that may be missing at run time
};

// By the magic number alone.
bool looks_like_elf(std::string_view bytes);

// Everything comes from the program headers, so stripped section headers do not matter. A static
// executable or an object file has empty lists. bad_input for truncated or damaged files.
Result<ElfInfo> parse_elf(std::string_view bytes, std::string_view file_name);

}  // namespace dba
