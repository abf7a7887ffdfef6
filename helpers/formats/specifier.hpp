// PEP 440's order of versions, and the conditions written on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/pep440.hpp"
#include "model/result.hpp"

namespace dba {

// <0, 0, >0 as `a` is earlier than, the same as, or later than `b`.
int compare_pep440(const Pep440& a, const Pep440& b);

struct Specifier {
    std::string op;       // "~=", "==", "!=", "<=", ">=", "<", ">" or "==="
    std::string version;  // with ".*" behind == and !=; as written
    bool operator==(const Specifier&) const = default;
};

// ">=1.2, !=1.3.*"; "" gives none. bad_input for what PEP 440 does not allow.
Result<std::vector<Specifier>> parse_specifiers(std::string_view text);
std::string to_text(const std::vector<Specifier>& specifiers);  // ">=1.2,!=1.3.*"

// Whether a version meets all of them. Pre-releases count like others: what is there is judged,
// nothing is chosen. A version that is none of PEP 440's meets "===" alone.
bool satisfies(const std::vector<Specifier>& specifiers, std::string_view version);

}  // namespace dba
