// What an error at the start of a program says: that something is missing from the package, or that
// it wants what only the host will have.
#pragma once

#include <string>
#include <vector>

#include "steps/verify/probe.hpp"

namespace dba::steps {

struct Fault {
    enum Kind {
        surroundings,  // a database, a configuration, a variable, a credential: whatever is no
                       // fault
        module,        // that is nowhere
        library,       // a shared library that is nowhere
        code,          // an incomplete module: a name that it lacks, or no Python
    };
    Kind kind = surroundings;
    std::string said;     // "ValueError: no port (/opt/venvs/hello/...:3)", of the outermost error
    std::string missing;  // the module's or the library's name
    std::string where;    // "/opt/venvs/hello/...:3", of the error that decides
    std::string file;     // the same without the line
};

// `chain`: the outermost error first. An ImportError counts, too, where another error was raised
// from it, or while it was handled, unless that other is one of the surroundings itself.
Fault fault_of(const std::vector<RaisedError>& chain);

// "OSError: gone (/opt/venvs/hello/...:3)"
std::string described(const RaisedError& error);

}  // namespace dba::steps
