// The part of resolve that settles what the services are.
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// Every service with its defaults, by the manifest's name, prefix and user. What is refused here
// needs no look at the environment that is yet to be installed.
Result<std::vector<ResolvedService>> resolve_services(const Declaration& declaration,
                                                      const Manifest& manifest);

// What the manifest's services have in common; without any, what one would have.
Result<SharedSettings> resolve_shared(const Manifest& manifest);

// MIGRATE, for the manifest's services.
Result<std::vector<Migration>> resolve_migrations(const Declaration& declaration,
                                                  const Manifest& manifest);

}  // namespace dba::steps
