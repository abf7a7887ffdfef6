// Dependency specifiers: "flask[async]>=3,<4 ; python_version >= '3.9'" (PEP 508), with the version
// specifiers of PEP 440.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct Requirement {
    std::string name;                 // as spelled; compare by normalise_distribution()
    std::vector<std::string> extras;  // as spelled
    std::string specifiers;           // ">=3,<4", or ""
    std::string url;                  // of "name @ url"
    std::string marker;               // what follows the ';', or ""
};

// bad_input naming `where` for what is not a requirement.
Result<Requirement> parse_requirement(std::string_view text, const std::string& where);

// Whether `version` is one that ">=3,<4" asks for, pre-releases included (PEP 440, "Version
// specifiers"). bad_input for what is not a specifier or version.
Result<bool> specifiers_allow(std::string_view specifiers, std::string_view version);

}  // namespace dba
