// Does a lock hold what is asked for?
#pragma once

#include "steps/lock/formats.hpp"
#include "steps/lock/locked.hpp"

namespace dba::steps {

// The second half of it: REQUIREMENTS, and what GROUPS and a Pipfile ask for.
Result<void> check_asked(const std::vector<LockedRequirement>& lock, const LockContext& context);
Result<void> check_application(const std::vector<LockedRequirement>& lock,
                               const LockContext& context);

// bad_input naming the first requirement of the application (for its EXTRAS), or of REQUIREMENTS,
// that no line of the lock satisfies.
Result<void> check_satisfies(const std::vector<LockedRequirement>& lock,
                             const LockContext& context);

}  // namespace dba::steps
