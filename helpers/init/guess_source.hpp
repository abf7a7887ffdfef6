// The first half of a guess: where the project lies, how it is shipped and what it needs.
#pragma once

#include "init/guesses.hpp"

namespace dba::init {

// SOURCE_DIR or GIT_REPOSITORY, LAYOUT, versions, requirements, build dependencies.
void guess_source(Guessed& guessed, const Machine& machine);

// EXCLUDE, once the layout is known: a folder is shipped whole, and what only builds images names
// the caches of whoever builds, which is a leak.
void guess_exclude(const Guessed& guessed);

}  // namespace dba::init
