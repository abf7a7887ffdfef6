// Which packages of a suite have a library, whether they are installed or not.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace dba {

// For each soname, by the package lists in `lists`, the package that Debian's rules name for it, if
// there is one: instantly, and nearly always right; installing it tells.
std::map<std::string, std::string> packages_by_name(const std::set<std::string>& sonames,
                                                    const std::filesystem::path& lists);

// The same by the indexes of contents in `lists`, the likeliest.
std::map<std::string, std::string> packages_by_contents(
    const std::set<std::string>& sonames, const std::filesystem::path& lists,
    const std::vector<std::string>& linker_directories);

// For people, by the same and by indexes of contents where `lists` has some: "libfoo.so.1 is in
// libfoo1; libbar.so.2 is in libbar2 or libbar2-alt"; "" when nothing is known of any.
std::string where_libraries_are(const std::set<std::string>& sonames,
                                const std::filesystem::path& lists,
                                const std::vector<std::string>& linker_directories);

}  // namespace dba
