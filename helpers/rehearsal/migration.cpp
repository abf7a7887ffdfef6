#include "rehearsal/migration.hpp"

#include <fmt/format.h>

#include <string_view>

namespace dba::rehearsal {
namespace {

// $1 the unit's directory of drop-ins, $2 the path of a script, $3 its text, $4 what it stands for
constexpr std::string_view replace_script = R"(set -e
mkdir -p "$1"
printf '#!/bin/sh\n%s\n' "$3" >"$2"
chmod 755 "$2"
printf '[Service]\nBindReadOnlyPaths=%s:%s\n' "$2" "$4" >"$1/rehearsal.conf"
)";

// Every command of the migration becomes this script, for its unit alone; until it is "".
Result<void> replace_commands(Stage& stage, const RehearsedPackage& package,
                              const std::string& script) {
    const std::string directory = "/run/systemd/system/" + *package.description.migration + ".d";
    const std::string instead = "/run/rehearsal-" + package.package;
    const std::string run_as = package.description.run_as.value_or("");
    if (script.empty()) {
        TRY(stage.container.run({"rm", "-rf", directory, instead}));
    } else {
        TRY(stage.container.run({"sh", "-c", std::string(replace_script), "replace", directory,
                                 instead, script, run_as}));
    }
    TRY(stage.container.run({"systemctl", "daemon-reload"}));
    return {};
}

// As on a host that has not had this version yet.
Result<void> forget_migrated(Stage& stage, const RehearsedPackage& package) {
    TRY(stage.container.run(
        {"rm", "-f", "/var/lib/deb-build-app/" + package.package + "/migrate.done"}));
    return {};
}

Result<void> install_unmigrated(Stage& stage, const RehearsedPackage& package,
                                const std::string& script, Attempt& attempt) {
    TRY(forget_migrated(stage, package));
    TRY(replace_commands(stage, package, script));
    TRY(stage.install(package, attempt));
    TRY(replace_commands(stage, package, ""));
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
    stage.act(
        "migration fails", "dpkg --install " + package.version + ", whose MIGRATE fails", down,
        [&](Attempt& attempt) { return install_unmigrated(stage, package, "exit 1", attempt); });
    stage.act("migration mended", "dpkg --install " + above.version, stage.installed_text(above),
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.install(above, attempt));
                  return stage.expect(above, attempt);
              });
    stage.act("migration killed", "dpkg --install " + package.version + ", whose MIGRATE is killed",
              down, [&](Attempt& attempt) {
                  return install_unmigrated(stage, package, "kill -9 \"$PPID\"", attempt);
              });
    stage.act("migration again", "systemctl start " + unit, stage.installed_text(package),
              [&](Attempt& attempt) -> Result<void> {
                  stage.current = &package;
                  TRY(stage.container.run({"systemctl", "start", unit}));
                  return stage.expect(package, attempt);
              });
}

}  // namespace dba::rehearsal
