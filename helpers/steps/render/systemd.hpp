// RUNNER systemd: a unit, or a template of units and the target that wants its instances.
#pragma once

#include "steps/render/runner.hpp"

namespace dba::steps {

extern const RunnerWays systemd;

}  // namespace dba::steps
