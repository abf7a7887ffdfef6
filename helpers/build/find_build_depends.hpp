// `build-deps --find`: which Debian packages a build needs, found by building.
//
// The application is built up to FINISH in a copy of a clean root; what stops it is looked up in
// the suite, its package installed, and the build goes on. In the end, packages of which no file
// was opened go again, and a build from nothing proves the list.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "build/options.hpp"
#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

struct FindRequest {
    BuildOptions options;  // `work` is this search's own; without for_suite
    std::filesystem::path roots;
    long long root_age = 0;  // seconds; 0 = any
};

struct FoundPackage {
    std::string relation;   // "libldap-dev"; as declared: "libldap-dev (>= 2.5)"
    std::string asked_for;  // "header ldap.h"; "" when it is declared
};

struct FoundList {
    std::string suite;
    std::vector<FoundPackage> needed;   // the declared ones first, then by name
    std::vector<std::string> unneeded;  // of the declared: with the reason
    std::filesystem::path lists;        // apt's, of the suite
    int builds = 0;
};

// For one suite. failed_check when the build stops for another reason, or no package has what it
// looks for: with what was searched for, where, and the list so far.
Result<FoundList> find_build_depends(const FindRequest& request, const std::string& suite,
                                     ProcessRunner& processes, Log& log);

}  // namespace dba
