// Everything of a package that a host starts by itself: its services, its commands, its own
// configuration.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {

struct Program {
    std::string what;                           // "SERVICE web", "SCRIPTS hello"
    std::vector<std::string> command;           // the first word is absolute
    Environment environment;                    // at its start
    std::string directory;                      // where it starts
    std::vector<std::string> credentials = {};  // names in $CREDENTIALS_DIRECTORY
};

// As the runners start them (steps/render).
Result<std::vector<Program>> programs_of(const Manifest& manifest,
                                         const std::vector<Layer>& layers);

}  // namespace dba::steps
