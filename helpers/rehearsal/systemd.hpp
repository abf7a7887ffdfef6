// Services under systemd.
#pragma once

#include "rehearsal/runner.hpp"

namespace dba::rehearsal {

extern const RunnerWays systemd;

}  // namespace dba::rehearsal
