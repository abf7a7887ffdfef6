// build-details.json (PEP 739): what a Python says of itself to programs that do not start it.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

// Debian puts the platform into the name: "build-details..x86_64-linux-gnu.json".
bool is_build_details(std::string_view file_name);

// The same for a copy of that Python below `base_prefix`: base_prefix and base_interpreter lead
// there. What lies elsewhere and does not come along, libpython and c_api, is left out. bad_input
// for what is no JSON object.
Result<std::string> moved_build_details(const std::string& text, const std::string& base_prefix);

}  // namespace dba
