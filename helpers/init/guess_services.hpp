// The second half of a guess: what of the project runs on a host.
#pragma once

#include "init/guesses.hpp"

namespace dba::init {

// SERVICE, MIGRATE, FINISH, SCRIPTS, and what brings their programs.
void guess_services(Guessed& guessed);

}  // namespace dba::init
