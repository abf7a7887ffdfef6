// gzip members (RFC 1952), in memory.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

// "gzip -n -9": no name, no time; the same bytes for the same input.
std::string gzip(std::string_view bytes);

// What one member holds. bad_input when it is none, is damaged, or has something behind it.
Result<std::string> gunzip(std::string_view bytes);

}  // namespace dba
