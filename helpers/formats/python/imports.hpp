// What a module's text imports, without running it.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace dba {

// The names that its import statements have, with all their parts ("distutils.version"; of "from a
// import b" a.b), but for relative ones, and for those in a `try`, where the program may go on
// without, or below an `if` that asks for a version, a platform or a type checker.
std::set<std::string> plain_imports(std::string_view source);

}  // namespace dba
