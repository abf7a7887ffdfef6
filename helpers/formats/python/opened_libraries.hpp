// The libraries that a module opens by name while it runs: no binary says that they are needed.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace dba {

// Literal names alone: "magic" of ctypes.util.find_library("magic"), "libfoo.so.1" of
// ctypes.CDLL("libfoo.so.1"), cdll.LoadLibrary and cffi's dlopen. A path is none, and neither is
// what stands in a comment or a string.
std::set<std::string> opened_libraries(std::string_view source);

// The same for distributions that are known to open some whose names their modules put together.
// `distribution` is normalised.
const std::set<std::string>& libraries_opened_by(const std::string& distribution);

}  // namespace dba
