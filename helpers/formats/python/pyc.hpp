// Compiled Python files (PEP 552 header, marshal body) of CPython 3.9 to 3.15.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct PycInfo {
    unsigned magic = 0;                   // the first two bytes, 3495 for 3.11
    unsigned flags = 0;                   // PEP 552: bit 0 = by hash, bit 1 = compared at import
    std::vector<std::string> file_names;  // every co_filename, each once, in order of appearance
};

// bad_input for a file that is truncated, no .pyc, or of a Python whose code objects are unknown.
Result<PycInfo> parse_pyc(std::string_view bytes, std::string_view file_name);

}  // namespace dba
