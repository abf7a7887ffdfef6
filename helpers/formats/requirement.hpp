// Requirements of distributions (PEP 508): "requests[socks] >=2.8 ; python_version < '3.12'".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "formats/specifier.hpp"
#include "model/result.hpp"

namespace dba {

struct Requirement {
    std::string name;  // as spelled; compare by normalise_distribution()
    std::vector<std::string> extras;
    std::vector<Specifier> specifiers;
    std::string url;     // behind "@"; then there are no specifiers
    std::string marker;  // behind ";", "" without one
};

// bad_input, saying what was met instead of what.
Result<Requirement> parse_requirement(std::string_view text);

// The variables of PEP 508 by name ("python_version" -> "3.11"). "extra" is "" when absent.
using MarkerEnvironment = std::map<std::string, std::string, std::less<>>;

// Whether a marker holds; "" does. Values are compared as versions where both are such, else as
// text. bad_input for what is no marker.
Result<bool> evaluate_marker(std::string_view marker, const MarkerEnvironment& environment);

}  // namespace dba
