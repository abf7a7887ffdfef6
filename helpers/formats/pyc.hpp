// Compiled Python files (PEP 552 header, marshal body) of CPython 3.9 to 3.14.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct PycInfo {
    unsigned magic = 0;                   // the first two bytes, 3495 for 3.11
    unsigned flags = 0;                   // PEP 552
    std::vector<std::string> file_names;  // every co_filename, each once, in order of appearance

    // PEP 552: bit 0 = checked by the source's hash, bit 1 = the hash is compared at import.
    [[nodiscard]] bool hash_based() const { return (flags & 1U) != 0; }
    [[nodiscard]] bool unchecked_hash() const { return flags == 1U; }
};

// bad_input for a file that is truncated, no .pyc, or of a Python whose code objects are unknown.
Result<PycInfo> parse_pyc(std::string_view bytes, std::string_view file_name);

// "3.11" for 3495; "" for a magic number of none of 3.9 to 3.14's releases.
std::string python_of_magic(unsigned magic);

}  // namespace dba
