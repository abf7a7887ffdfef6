// POSIX extended regular expressions (regex(7)), by the C library: the header <regex> alone takes
// seconds to compile.
#pragma once

#include <string>
#include <vector>

namespace dba::text {

// The first match of `pattern` in `text`: the whole of it, then each group, "" for one that took no
// part. Empty when there is none. The pattern is the program's own: a faulty one matches nothing,
// which its test shows.
std::vector<std::string> match(const std::string& text, const char* pattern);

// The first group of the first match; "" when there is none.
std::string first_group(const std::string& text, const char* pattern);

}  // namespace dba::text
