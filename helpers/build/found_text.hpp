// What `build-deps --find` has found, as a line for the declaration.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "build/find_build_depends.hpp"

namespace dba {

// `BUILD_DEPENDS gcc "libldap-dev (>= 2.5)"`, as CMake wants it; "" for no relations.
std::string build_depends_line(const std::vector<std::string>& relations);

// One list that holds in all of the suites: where they differ in what has a thing, alternatives in
// the suites' order; what a suite does not need and does not have gets one that each root has
// (Policy 7.1: one of them must hold). `has` tells whether a suite has a package.
std::vector<std::string> common_relations(
    const std::vector<FoundList>& lists,
    const std::function<bool(const FoundList& list, const std::string& package)>& has);

}  // namespace dba
