// The system that piuparts tests in, which must never ask a mirror: its one source of packages is a
// directory inside of it, with what the tested package and the older one depend on.
#pragma once

#include "rehearsal/judges.hpp"

namespace dba::rehearsal {

// Where that directory is in the system.
inline constexpr const char* repository_inside = "/var/lib/deb-build-app-rehearsal";

// Adds a row for installation and purge, and one for the upgrade from each older version.
Result<void> judge_by_piuparts(const JudgeInputs& inputs, ProcessRunner& processes, Log& log,
                               std::vector<RehearsalRow>& rows);

// The environment with the directories of a system's own tools in PATH, which a user's may lack.
Environment with_system_path(Environment environment);

}  // namespace dba::rehearsal
