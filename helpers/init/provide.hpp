// What a command needs besides what the project requires, and the layout that it needs.
#pragma once

#include <string>

#include "init/guesses.hpp"

namespace dba::init {

// Has the environment hold a distribution: it does, or an extra or group that is added has it, or a
// file of requirements that the CMakeLists.txt writes. `who`: for the reason.
void provide(Guessed& guessed, const std::string& distribution, const std::string& who);

// The first of these that the project requires, else the first that an extra or group of it has;
// "" for none.
std::string known_among(const Facts& facts, const std::vector<std::string>& distributions);

// Has the project shipped as it stands. False where its requirements would be lost by that: they
// are setup.py's or setup.cfg's.
bool ship_as_folder(Guessed& guessed, const std::string& why);

}  // namespace dba::init
