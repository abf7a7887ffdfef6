// The first half of a guess: where the project lies, how it is shipped and what it needs.
#pragma once

#include "init/guesses.hpp"

namespace dba::init {

// SOURCE_DIR or GIT_REPOSITORY, LAYOUT, versions, requirements, build dependencies.
void guess_source(Guessed& guessed, const Machine& machine);

}  // namespace dba::init
