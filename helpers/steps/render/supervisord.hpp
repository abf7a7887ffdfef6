// RUNNER supervisord: a program conf and a wrapper that changes the user (docs/architecture.md,
// "What runs a service").
#pragma once

#include "steps/render/runner.hpp"

namespace dba::steps {

extern const RunnerWays supervisord;

}  // namespace dba::steps
