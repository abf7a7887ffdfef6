// pylock.toml (PEP 751).
#pragma once

#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "steps/lock/formats.hpp"

namespace dba::steps {

// bad_input for what is no such lock, an unsupported version of the format, an editable package, a
// file without sha256, a package of which no file fits the target.
Result<std::vector<LockedPackage>> read_pylock(std::string_view text, const LockContext& context);

}  // namespace dba::steps
