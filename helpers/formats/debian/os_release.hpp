// os-release(5): which system this is.
#pragma once

#include <string>

namespace dba {

// The value of KEY=value, which may be in quotes; "" when there is none.
std::string os_release_value(const std::string& text, const std::string& key);

}  // namespace dba
