// Services under supervisord.
#pragma once

#include "rehearsal/runner.hpp"

namespace dba::rehearsal {

extern const RunnerWays supervisord;

}  // namespace dba::rehearsal
