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

// What authors get wrong by hand, of the RECORD in INFO ("Foo_Bar-1.0.dist-info"), put right in
// `rows`: its own files below another spelling of INFO (PEP 503), and a hash or a size for RECORD
// itself, which cannot have one. Answers what was put right, for people:
// "foo-bar-1.0.dist-info/METADATA"; empty for a right one.
std::vector<std::string> mend_record(std::vector<RecordRow>& rows, std::string_view info);

// Sorted by path, quoted where CSV needs it, "\n" line ends: the same rows give the same bytes.
std::string to_record(std::vector<RecordRow> rows);

// The hash column for a file whose SHA-256 is `hex` (64 hex digits, as digests are kept here);
// "" when `hex` is not one.
std::string record_hash(std::string_view hex);

}  // namespace dba
