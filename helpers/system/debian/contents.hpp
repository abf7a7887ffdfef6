// The indexes of contents that apt-file has apt fetch: which package has which file.
#pragma once

#include <filesystem>
#include <string>

#include "formats/debian/build_packages.hpp"

namespace dba {

// Where apt keeps them.
constexpr const char* apt_lists = "/var/lib/apt/lists";

// The package with what a build looks for, by the *Contents-* of `lists` in any compression: of
// several, the one with the shortest path; "" without such indexes, and when none has it. Reading
// all of them takes seconds.
std::string package_by_contents(const std::filesystem::path& lists, BuildFile kind,
                                const std::string& name);

}  // namespace dba
