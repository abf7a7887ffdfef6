// Compiled Python files (PEP 552 header, marshal body) of CPython 3.9 to 3.15.
#pragma once

#include <optional>
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

// The file that the same Python makes of the same source under another name. Nothing when that
// cannot be told from the bytes: names that marshal writes in another form (of 256 bytes and more,
// or not ASCII), or `from` somewhere else than where a name of code stands.
std::optional<std::string> with_source_name(std::string_view pyc, std::string_view from,
                                            std::string_view to);

}  // namespace dba
