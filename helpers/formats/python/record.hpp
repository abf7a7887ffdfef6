// RECORD, the list of what a distribution installed (PEP 376, PEP 427, PEP 627): CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct RecordRow {
    std::string path;  // relative to the directory that holds *.dist-info, or absolute
    std::string hash;  // "sha256=<urlsafe base64 without padding>" or ""
    std::string size;  // bytes, decimal, or ""
    bool operator==(const RecordRow&) const = default;
};

// Rows may have one, two or three columns. bad_input, with the line, for anything else.
Result<std::vector<RecordRow>> parse_record(std::string_view bytes, std::string_view file_name);

// Sorted by path, quoted where CSV needs it, "\n" line ends: the same rows give the same bytes.
std::string to_record(std::vector<RecordRow> rows);

// The hash column for a file whose SHA-256 is `hex` (64 hex digits, as digests are kept here);
// "" when `hex` is not one.
std::string record_hash(std::string_view hex);

}  // namespace dba
