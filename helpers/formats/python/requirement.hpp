// Dependency specifiers: "flask[async]>=3,<4 ; python_version >= '3.9'" (PEP 508), with the version
// specifiers of PEP 440 and environment markers.
#pragma once

#include <map>
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

// bad_input naming `where` for what is none.
Result<Requirement> parse_requirement(std::string_view text, const std::string& where);

// Whether `version` is one that ">=3,<4" asks for, pre-releases included (PEP 440, "Version
// specifiers"). bad_input for a specifier or version that is none.
Result<bool> specifiers_allow(std::string_view specifiers, std::string_view version);

// What markers are judged by.
struct MarkerContext {
    std::map<std::string, std::string> environment;  // "python_version" -> "3.11"
    std::vector<std::string> extras;  // `extra == "x"`, and `"x" in extras` (PEP 751)
    std::vector<std::string> groups;  // `"x" in dependency_groups` (PEP 751)
};

// The truth of a marker; "" is true. bad_input for one that cannot be read.
Result<bool> marker_holds(std::string_view marker, const MarkerContext& context);

}  // namespace dba
