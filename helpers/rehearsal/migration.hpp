// The acts of a package with MIGRATE: its commands fail, are mended by the next version, are
// killed.
#pragma once

#include "rehearsal/stage.hpp"

namespace dba::rehearsal {

// Nothing for a package without. Begins and ends with the version in question.
void play_migration(Stage& stage);

}  // namespace dba::rehearsal
