#include "rehearsal/acts.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <thread>

#include "rehearsal/files.hpp"
#include "rehearsal/migration.hpp"
#include "rehearsal/stage.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

bool is_mentioned(const std::string& name, const std::string& package) {
    return name.find(package) != std::string::npos;
}

// At most so many of them, and how many more there are.
void add_some(const std::vector<std::string>& all, std::vector<std::string>& problems) {
    constexpr std::size_t most = 12;
    for (std::size_t i = 0; i < std::min(all.size(), most); ++i) problems.push_back(all[i]);
    if (all.size() > most) problems.push_back(fmt::format("and {} more", all.size() - most));
}

// ---- the acts, in the order of play_acts()

bool install_oldest(Stage& stage) {
    const RehearsedPackage& oldest = stage.plan.older.front();
    return stage.act("install", "dpkg --install " + oldest.version,
                     oldest.version + " is installed" + stage.services_text(oldest),
                     [&](Attempt& attempt) -> Result<void> {
                         TRY(stage.install(oldest, attempt));
                         return stage.expect(oldest, attempt);
                     });
}

void stay_healthy(Stage& stage) {
    const RehearsedPackage& package = *stage.current;
    std::vector<std::string> checked;
    for (const DescribedService& service : package.description.services)
        if (!service.healthcheck.empty()) checked.push_back(service.name);
    const auto watch = std::chrono::duration_cast<std::chrono::seconds>(stage.plan.patience.watch);
    stage.act(
        "health",
        fmt::format(
            "wait {} s{}", watch.count(),
            checked.empty() ? "" : fmt::format("; HEALTHCHECK of {}", fmt::join(checked, ", "))),
        checked.empty() ? "the same main processes" : "the same main processes, and an answer",
        [&](Attempt& attempt) -> Result<void> {
            TRY_ASSIGN(const auto before, stage.mains_of(package));
            std::this_thread::sleep_for(stage.plan.patience.watch);
            return stage.expect(package, attempt, Stage::Mains::same, before);
        });
}

void edit_conffiles(Stage& stage) {
    const auto count = stage.current->conffiles.size();
    if (count == 0) return stage.leave_out("edit conffiles", "", "the package has none");
    stage.act("edit conffiles", fmt::format("an empty line at the end of {}", count),
              "the services run on", [&](Attempt& attempt) -> Result<void> {
                  TRY_ASSIGN(const auto before, stage.mains_of(*stage.current));
                  TRY(stage.edit_conffiles());
                  return stage.expect(*stage.current, attempt, Stage::Mains::same, before);
              });
}

void move_to(Stage& stage, const std::string& name, const RehearsedPackage& package,
             const std::vector<std::string>& options = {}) {
    stage.act(name, "dpkg --install " + package.version, stage.installed_text(package),
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.install(package, attempt, options));
                  return stage.expect(package, attempt);
              });
}

void crash(Stage& stage) {
    const RehearsedPackage& package = *stage.current;
    if (stage.services_text(package).empty())
        return stage.leave_out("crash", "", "the package has no services");
    stage.act("crash", "kill -9 of each main process", "other main processes run",
              [&](Attempt& attempt) -> Result<void> {
                  TRY_ASSIGN(const auto before, stage.mains_of(package));
                  // The shell's own kill: a minimal system has no procps.
                  std::vector<std::string> argv{"sh", "-c", "kill -9 \"$@\"", "kill"};
                  for (const auto& [program, mains] : before)
                      for (const int main : mains) argv.push_back(std::to_string(main));
                  TRY(stage.container.run(argv));
                  return stage.expect(package, attempt, Stage::Mains::others, before);
              });
}

void reboot(Stage& stage) {
    stage.act("reboot", "shut down, boot", stage.installed_text(*stage.current),
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.container.reboot());
                  return stage.expect(*stage.current, attempt);
              });
}

void stop_then_upgrade(Stage& stage) {
    const RehearsedPackage& above = stage.plan.above;
    const RehearsedPackage& before = *stage.current;
    if (stage.services_text(before).empty())
        return stage.leave_out("stop, upgrade", "", "the package has no services");
    stage.stopped = true;
    stage.act("stop, upgrade",
              fmt::format("the administrator stops the services; dpkg --install {}", above.version),
              stage.installed_text(above), [&](Attempt& attempt) -> Result<void> {
                  for (const DescribedService& service : before.description.services)
                      TRY(stage.tell(service, "stop"));
                  TRY(stage.install(above, attempt));
                  return stage.expect(above, attempt);
              });
    stage.stopped = false;
    stage.act("start", "the administrator starts the services", stage.installed_text(above),
              [&](Attempt& attempt) -> Result<void> {
                  for (const DescribedService& service : above.description.services)
                      TRY(stage.tell(service, "start"));
                  return stage.expect(above, attempt);
              });
}

// Policy 6.6: dpkg goes back to the version before when preinst fails, and stops half-way when
// postinst does.
void failed_upgrades(Stage& stage) {
    const RehearsedPackage& above = stage.plan.above;
    const RehearsedPackage& before = *stage.current;
    if (!stage.plan.cannot_fail.empty())
        return stage.leave_out("failed upgrade", "", stage.plan.cannot_fail);
    const auto fail = [&](const std::string& script, Attempt& attempt) -> Result<void> {
        TRY(stage.let_fail(script, true));
        TRY(stage.dpkg({"--force-confold", "--install", path_inside(above)}, false, attempt));
        return stage.let_fail(script, false);
    };
    stage.act(
        "failed upgrade", fmt::format("dpkg --install {}, whose preinst fails", above.version),
        stage.installed_text(before), [&](Attempt& attempt) -> Result<void> {
            TRY_ASSIGN(const auto mains, stage.mains_of(before));
            TRY(fail("preinst", attempt));
            // A healthy service keeps its process; other people's scripts restart it.
            return stage.expect(before, attempt,
                                before.described ? Stage::Mains::same : Stage::Mains::any, mains);
        });
    stage.act("failed upgrade",
              fmt::format("dpkg --install {}, whose postinst fails; then dpkg --configure -a",
                          above.version),
              stage.installed_text(above), [&](Attempt& attempt) -> Result<void> {
                  TRY(fail("postinst", attempt));
                  stage.current = &above;
                  TRY(stage.dpkg({"--force-confold", "--configure", "-a"}, true, attempt));
                  return stage.expect(above, attempt);
              });
}

void remove(Stage& stage) {
    const RehearsedPackage& package = *stage.current;
    stage.act("remove", "dpkg --remove",
              "no process, no file but conffiles" + stage.conffiles_text(),
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.dpkg({"--remove", package.package}, true, attempt));
                  TRY(stage.expect_nothing_runs(attempt));
                  TRY(stage.expect_conffiles(attempt));
                  std::vector<std::string> left;
                  for (const std::string& file : package.files) {
                      const auto& own = package.conffiles;
                      if (std::find(own.begin(), own.end(), file) == own.end() &&
                          entry_exists(stage.container.root() / file.substr(1)))
                          left.push_back(file + ": is still there");
                  }
                  add_some(left, attempt.problems);
                  attempt.seen = "as expected";
                  return {};
              });
}

// A service that was there before has written it: a database that the package depends on.
bool is_of_another_service(const Stage& stage, const std::string& user, const std::string& path) {
    struct stat info {};
    if (::lstat((stage.container.root().string() + path).c_str(), &info) != 0 || info.st_uid == 0)
        return false;
    return std::any_of(stage.users_before.begin(), stage.users_before.end(), [&](const auto& one) {
        return one.second == info.st_uid && one.first != user;
    });
}

// What is there that was not, and the other way round.
Result<void> compare_files(Stage& stage, const RehearsedPackage& package, Attempt& attempt) {
    TRY_ASSIGN(const auto now, list_files(stage.container.root()));
    std::vector<std::string> found;
    std::string directory;  // one that is left is reported once, with some of its contents
    std::size_t named = 0;
    for (const auto& [path, what] : now) {
        const auto before = stage.files_before.find(path);
        if (before != stage.files_before.end()) {
            if (before->second != what) found.push_back(fmt::format("changed: {}", path));
        } else if (is_of_another_service(stage, package.description.user, path)) {
            continue;
        } else if (!directory.empty() && path.starts_with(directory)) {
            if (++named <= 3)
                found.back() +=
                    fmt::format("{} {}", named == 1 ? " with" : ",", path.substr(directory.size()));
        } else {
            directory = what == "directory" ? path + "/" : "";
            named = 0;
            found.push_back(fmt::format("left: {}", directory.empty() ? path : directory));
        }
    }
    for (const auto& [path, what] : stage.files_before)
        if (!now.contains(path)) found.push_back("gone: " + path);
    // Not on the disk, and full of what systemd comes and goes with.
    for (const fs::path& path : paths_in(stage.container.inside("/run")))
        if (const std::string name = path.filename(); is_mentioned(name, package.package))
            found.push_back("left: /run/" + name);
    add_some(found, attempt.problems);
    return {};
}

void purge(Stage& stage) {
    const RehearsedPackage& package = *stage.current;
    stage.act("purge", "dpkg --purge",
              "no process, every file as before the installation, but the user",
              [&](Attempt& attempt) -> Result<void> {
                  TRY(stage.dpkg({"--purge", package.package}, true, attempt));
                  TRY(stage.expect_nothing_runs(attempt));
                  TRY_ASSIGN(const PackageSeen seen, look_at(stage.container, package, false));
                  if (seen.status != "not-installed")
                      attempt.problems.push_back("dpkg still has it: " + seen.status);
                  TRY(compare_files(stage, package, attempt));
                  std::string users;
                  const auto now = users_of(stage.container.root());
                  for (const auto& [user, number] : now)
                      if (!stage.users_before.contains(user)) users += " " + user;
                  for (const auto& [user, number] : stage.users_before)
                      if (!now.contains(user))
                          attempt.problems.push_back("the user is gone: " + user);
                  TRY_ASSIGN(const auto failures, failed_units(stage.container));
                  for (const std::string& unit : failures)
                      if (!stage.failed_before.contains(unit) && !ships_unit(package, unit))
                          attempt.problems.push_back("a unit has failed: " + unit);
                  attempt.seen = "as expected" + (users.empty() ? "" : "; users kept:" + users);
                  return {};
              });
}

}  // namespace

std::vector<RehearsalRow> play_acts(const RehearsalPlan& plan, Container& container, Log& log) {
    Stage stage(plan, container, log);
    if (!stage.act("machine", "look at its files, users and units", "it can be looked at",
                   [&](Attempt& attempt) -> Result<void> {
                       TRY(stage.remember_machine());
                       attempt.seen = fmt::format("{} files, {} users", stage.files_before.size(),
                                                  stage.users_before.size());
                       return {};
                   }))
        return stage.rows;
    if (!install_oldest(stage)) {
        // What follows would only say the same again, but for what a purge leaves.
        purge(stage);
        return stage.rows;
    }
    stay_healthy(stage);
    edit_conffiles(stage);
    for (std::size_t i = 1; i < plan.older.size(); ++i) move_to(stage, "upgrade", plan.older[i]);
    move_to(stage, "upgrade", plan.fresh);
    crash(stage);
    reboot(stage);
    stop_then_upgrade(stage);
    // dpkg takes a conffile that went in between for one that the administrator deleted.
    move_to(stage, "downgrade", plan.older.back(), {"--force-confmiss"});
    failed_upgrades(stage);
    move_to(stage, "return", plan.fresh, {"--force-confmiss"});
    play_migration(stage);
    remove(stage);
    move_to(stage, "install again", plan.fresh);
    purge(stage);
    return stage.rows;
}

}  // namespace dba::rehearsal
