// Whether the project's build backend would make a wheel that holds its modules.
#pragma once

#include <string>

#include "init/facts.hpp"

namespace dba::init {

// Why the backend would give up, or leave modules out, for want of a word which packages there are;
// "" when nothing speaks for that.
std::string backend_gives_up(const Facts& facts);

}  // namespace dba::init
