// Names of extension modules' files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba {

// "core" for "core.cpython-311-x86_64-linux-gnu.so" and 3.11: the name that a Python of that
// version ("3.11", "3.11.2") imports the file by, "" when it does not. Besides its own tag (PEP
// 3149), which a free-threaded one marks with a t, it takes the stable ABI's (abi3, since 3.15
// abi3t), with or without a platform behind it, and none.
std::string extension_module(std::string_view file_name, std::string_view version);

// The suffixes of all of these for one platform ("x86_64-linux-gnu").
std::vector<std::string> extension_suffixes(std::string_view version, std::string_view platform);

// Whether the name alone says that Python loads it.
bool looks_like_extension(std::string_view file_name);

}  // namespace dba
