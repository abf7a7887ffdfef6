// What this machine has, as far as a guess depends on it.
#pragma once

#include "init/guesses.hpp"

namespace dba::init {

Machine this_machine();

}  // namespace dba::init
