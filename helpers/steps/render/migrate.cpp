#include "steps/render/migrate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "steps/render/scripts.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

Result<HostMigration> plan_migration(const Manifest& manifest, const std::vector<Layer>& layers) {
    HostMigration out;
    out.unit = manifest.migration_unit();
    for (const Migration& migration : manifest.migrations)
        for (const std::vector<std::string>& declared : migration.commands) {
            MigrationStep step{fmt::format("{}", fmt::join(declared, " ")), declared,
                               migration.as_service, migration.online};
            TRY(plan_command(manifest, layers, "MIGRATE " + step.declared, step.command));
            out.steps.push_back(std::move(step));
        }
    // What needs the old code comes first, whatever the order of the keywords.
    std::stable_partition(out.steps.begin(), out.steps.end(),
                          [](const MigrationStep& step) { return step.online; });
    return out;
}

Result<void> add_migration(const Manifest& manifest, const std::vector<HostService>& services,
                           const HostMigration& migration, HostPlan& plan) {
    if (migration.unit.empty()) return {};
    const bool supervised = std::any_of(
        services.begin(), services.end(),
        [](const HostService& service) { return service.runner == Runner::supervisord; });
    TRY(plan.add_bytes("/usr/lib/" + manifest.name + "/migrate",
                       migrate_script(manifest, services, migration), 0755, "MIGRATE"));
    return plan.add_bytes("/usr/lib/systemd/system/" + migration.unit,
                          fill("services/migrate.service",
                               {{"PACKAGE", manifest.name},
                                {"UNIT", migration.unit},
                                {"DESCRIPTION", systemd_value(manifest.synopsis + " (migration)")},
                                {"BEFORE", supervised ? "Before=supervisor.service\n" : ""}}),
                          0644, "MIGRATE");
}

}  // namespace dba::steps
