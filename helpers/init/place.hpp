// Where a project and its CMakeLists.txt lie, and what git has of it.
#pragma once

#include "init/guesses.hpp"
#include "system/git/git.hpp"

namespace dba::init {

Result<Place> place_of(const fs::path& project, const fs::path& file, Git& git);

// SOURCE_DIR or GIT_REPOSITORY, with the reason.
void add_place(const Place& place, Draft& draft);

}  // namespace dba::init
