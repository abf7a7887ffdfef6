// Environment markers (PEP 508, "Environment Markers"; PEP 751 adds extras and dependency_groups).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

// What markers are judged by.
struct MarkerContext {
    std::map<std::string, std::string> environment;  // "python_version" -> "3.11"
    std::vector<std::string> extras;  // `extra == "x"`, and `"x" in extras` (PEP 751)
    std::vector<std::string> groups;  // `"x" in dependency_groups` (PEP 751)
};

// The truth of a marker; "" is true. bad_input for one that cannot be read.
Result<bool> marker_holds(std::string_view marker, const MarkerContext& context);

}  // namespace dba
