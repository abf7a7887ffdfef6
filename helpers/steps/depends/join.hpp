// Dependencies that hold in each of several suites.
#pragma once

#include "model/dependencies.hpp"
#include "model/joined_suites.hpp"
#include "needs/library_needs.hpp"

namespace dba::steps {

// Where the suites have different packages, alternatives, the newest suite's first: on a host of
// that suite it is the package that is to stay, and the others are unknown there. Where they have
// the same, the lowest version that one of them asks for.
Result<Dependencies> join_dependencies(const LibraryNeeds& needs, const JoinedSuites& joined);

}  // namespace dba::steps
