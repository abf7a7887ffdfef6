// Path patterns as EXCLUDE and LEAK_WAIVER take them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba {

// The whole of `path` must match. "*" and "?" stop at '/', "**" does not ("**/" also matches no
// directory at all), "[a-z]", "[!a-z]" and "[^a-z]" match one byte other than '/', "\x" is x. A
// "[" that is never closed stands for itself.
bool glob_match(std::string_view pattern, std::string_view path);

// Whether an EXCLUDE or LEAK_WAIVER pattern names `path` (absolute, on the target). A pattern that
// starts with "/" is for the path on the target, one with another "/" for the path below `prefix`,
// one without for the name alone; what matches a directory goes for all in it. Nothing outside of
// `prefix` is named.
bool names_path(std::string_view pattern, std::string_view path, std::string_view prefix);
// Whether any of them does.
bool any_names_path(const std::vector<std::string>& patterns, std::string_view path,
                    std::string_view prefix);

}  // namespace dba
