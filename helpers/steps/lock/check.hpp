// Does a lock hold what is asked for?
#pragma once

#include "steps/lock/formats.hpp"
#include "steps/lock/requirements.hpp"

namespace dba::steps {

// bad_input naming the first requirement of the application (for its EXTRAS), or of REQUIREMENTS,
// that no line of the lock satisfies.
Result<void> check_satisfies(const std::vector<LockedRequirement>& lock,
                             const LockContext& context);

}  // namespace dba::steps
