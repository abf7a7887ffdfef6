// One thing that was looked at, and what to do about it.
#pragma once

#include <string>
#include <vector>

namespace dba {

struct Check {
    enum class State {
        ok,
        note,   // something is not possible here, or may become short
        fault,  // no package can be made like this
    };
    std::string what;  // "cmake", "index https://..."
    State state = State::ok;
    std::string found;   // "3.25.1", "is not on this machine: ..."
    std::string remedy;  // a line to paste; "" where all is well
};

using Checks = std::vector<Check>;

}  // namespace dba
