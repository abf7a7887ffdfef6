// Files of the source that the declaration names for something else than the application.
#pragma once

#include <map>
#include <string>

#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"

namespace dba::steps {

// By path from the project's directory: the keyword that names the file. Configuration, maintainer
// scripts, playbooks and drop-ins, where they lie in the source; modules are not among them, for
// the application may import what is its configuration, too.
std::map<std::string, std::string> other_uses(const Manifest& manifest,
                                              const FetchedSource& source);

}  // namespace dba::steps
