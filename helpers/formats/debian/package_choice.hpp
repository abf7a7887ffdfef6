// Which of several Debian packages with a file that a build looks for is the one to install, and
// which of the installed ones the build needs to be told.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/debian/build_packages.hpp"

namespace dba {

struct PackageChoice {
    std::string package;
    std::string section;     // "libdevel", "non-free/libs"
    std::size_t detour = 0;  // directories between where such a file is looked for and the file
    bool is_kin = false;     // its source package has made another one that is installed
    bool removes = false;    // it conflicts with something that is installed
    std::size_t brings = 0;  // how many packages come with it; 0 = not asked
};

// How many directories lie between: 1 for "usr/include/mysql/mysql.h" and the header mysql.h.
std::size_t detour_of(BuildFile kind, std::string_view path, std::string_view name);

// The best first; those that remove something are left out. One that is found without a detour;
// of the kind that builds need (-dev, for what is no program); of main; kin of what is there; that
// brings the fewest others; the shorter name.
std::vector<PackageChoice> ranked(BuildFile kind, std::vector<PackageChoice> choices);

// Why the first is better than the second, in words: "it brings fewer packages".
std::string why_better(BuildFile kind, const PackageChoice& first, const PackageChoice& second);

// What was installed on purpose, and all packages that came with it, itself one of them.
struct Installed {
    std::string relation;
    std::set<std::string> brings;
    bool is_proven = false;  // the build fails without it
};

// The fewest of these that bring all of the `used` packages: what another of them brings is left
// out, and what brings none of them. In the given order.
std::vector<Installed> needed_of(const std::vector<Installed>& all,
                                 const std::set<std::string>& used);

}  // namespace dba
