// Path patterns as EXCLUDE and LEAK_WAIVER take them.
#pragma once

#include <string_view>

namespace dba {

// The whole of `path` must match. "*" and "?" stop at '/', "**" does not ("**/" also matches no
// directory at all), "[a-z]", "[!a-z]" and "[^a-z]" match one byte other than '/', "\x" is x. A
// "[" that is never closed stands for itself.
bool glob_match(std::string_view pattern, std::string_view path);

}  // namespace dba
