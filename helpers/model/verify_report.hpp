// What verify looked for, found, and let pass.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/findings.hpp"

namespace dba {

// A directory that the build made or read. None is to be named in the package.
struct SearchedDirectory {
    std::string path;
    std::string role;           // "source directory", "uv cache", ...: what the finding calls it
    bool only_as_path = false;  // searched where a path is used, but not in running text
    // A place that other machines have, too: named is only what is below it on this one.
    bool only_if_there = false;
    friend bool operator==(const SearchedDirectory&, const SearchedDirectory&) = default;
};

template <class V>
void fields(V& v, SearchedDirectory& directory) {
    v.bytes("path", directory.path);
    v("role", directory.role);
    v("only_as_path", directory.only_as_path);
    v("only_if_there", directory.only_if_there);
}

// A leak or secret that LEAK_WAIVER or SECRET_WAIVER allows.
struct WaivedFinding {
    Finding finding;
    Waiver waiver;
};

struct VerifyReport {
    Findings findings;                  // each a reason to refuse the package
    Findings warnings;                  // reported, but not a reason to refuse the package
    std::vector<WaivedFinding> waived;  // what waivers took out of the findings
    std::vector<Waiver> unused;         // waivers that nothing matched
    std::vector<SearchedDirectory> searched;
};

}  // namespace dba
