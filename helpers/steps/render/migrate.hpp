// MIGRATE on the target: what runs once a version, before the services start.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

struct MigrationStep {
    std::string declared;              // "alembic upgrade head", for people
    std::vector<std::string> command;  // the first word is absolute
    std::string as_service;            // "" = with what all services have in common
    bool online = false;
};

struct HostMigration {
    std::string unit;  // "" = nothing to run
    std::vector<MigrationStep> steps;
};

// bad_input for a program that is not in `layers`.
Result<HostMigration> plan_migration(const Manifest& manifest, const std::vector<Layer>& layers);

// The unit, and the program that it starts.
Result<void> add_migration(const Manifest& manifest, const std::vector<HostService>& services,
                           const HostMigration& migration, HostPlan& plan);

}  // namespace dba::steps
