#include "rehearsal/migration.hpp"

#include <fmt/format.h>

namespace dba::rehearsal {
namespace {

// The unit runs this instead of the package's own commands, until it is told otherwise ("").
Result<void> replace_command(Stage& stage, const std::string& unit, const std::string& command) {
    const std::string directory = "/run/systemd/system/" + unit + ".d";
    // $1 the directory, $2 the command
    const std::string script =
        command.empty() ? "rm -rf \"$1\"; systemctl daemon-reload"
                        : "mkdir -p \"$1\"; printf '[Service]\\nExecStart=\\nExecStart=%s\\n' "
                          "\"$2\" >\"$1/rehearsal.conf\"; systemctl daemon-reload";
    TRY(stage.container.run({"sh", "-c", script, "replace", directory, command}));
    return {};
}

// As on a host that has not had this version yet.
Result<void> forget_migrated(Stage& stage, const RehearsedPackage& package) {
    TRY(stage.container.run(
        {"rm", "-f", "/var/lib/deb-build-app/" + package.package + "/migrate.done"}));
    return {};
}

Result<void> install_unmigrated(Stage& stage, const RehearsedPackage& package,
                                const std::string& command, Attempt& attempt) {
    const std::string& unit = *package.description.migration;
    TRY(forget_migrated(stage, package));
    TRY(replace_command(stage, unit, command));
    TRY(stage.install(package, attempt));
    TRY(replace_command(stage, unit, ""));
    TRY(stage.expect_nothing_runs(attempt));
    TRY_ASSIGN(const PackageSeen seen, look_at(stage.container, package, false));
    if (seen.status != "installed")
        attempt.problems.push_back("dpkg has it as " + seen.status + ", not installed");
    attempt.seen = "as expected";
    return {};
}

}  // namespace

void play_migration(Stage& stage) {
    const RehearsedPackage& package = stage.plan.fresh;
    const RehearsedPackage& above = stage.plan.above;
    if (!package.description.migration) return;
    const std::string& unit = *package.description.migration;
    const std::string down = package.version + " is installed; no service runs";
    stage.act("migration fails", "dpkg --install " + package.version + ", whose MIGRATE fails",
              down, [&](Attempt& attempt) {
                  return install_unmigrated(stage, package, "/bin/false", attempt);
              });
    stage.act("migration mended", "dpkg --install " + above.version,
              above.version + " is installed" + stage.services_text(above) + stage.conffiles_text(),
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.install(above, attempt));
                  return stage.expect(above, attempt);
              });
    stage.act("migration killed", "dpkg --install " + package.version + ", whose MIGRATE is killed",
              down, [&](Attempt& attempt) {
                  return install_unmigrated(stage, package, "/bin/sh -c 'kill -9 $$$$'", attempt);
              });
    stage.act(
        "migration again", "systemctl start " + unit,
        package.version + " is installed" + stage.services_text(package) + stage.conffiles_text(),
        [&](Attempt& attempt) -> Result<void> {
            stage.current = &package;
            TRY(stage.container.run({"systemctl", "start", unit}));
            return stage.expect(package, attempt);
        });
}

}  // namespace dba::rehearsal
