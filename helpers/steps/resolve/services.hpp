// The part of resolve that settles what the services are.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// USER, or the name made of the package's where a service needs one; "" where none does. bad_input
// for a name that adduser does not take.
Result<std::string> resolve_user(const Declaration& declaration);

// Every service with its defaults, by the manifest's name, prefix and user. What is refused here
// needs no look at the environment that is yet to be installed.
Result<std::vector<ResolvedService>> resolve_services(const Declaration& declaration,
                                                      const Manifest& manifest);

}  // namespace dba::steps
