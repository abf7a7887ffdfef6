// pdm.lock. With the strategy inherit_metadata, PDM's default, each package says the groups that
// it is of, and the marker under which any of them needs it.
#pragma once

#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "steps/lock/formats.hpp"

namespace dba::steps {

// bad_input for what is no such lock, an unsupported version of the format, a file without sha256,
// a package of which no file fits the target.
Result<std::vector<LockedPackage>> read_pdm_lock(std::string_view text, const LockContext& context);

}  // namespace dba::steps
