// The acts of a rehearsal on a machine that only remembers. With UPDATE_GOLDEN=1 in the environment
// the tables in tests/golden/rehearsal/ are written instead of compared.
#include "rehearsal/acts.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "rehearsal/fixture.hpp"
#include "rehearsal/look.hpp"

namespace dba::rehearsal::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Played {
    std::vector<RehearsalRow> rows;
    std::vector<std::string> calls;
    std::vector<std::string> failed() const {
        std::vector<std::string> names;
        for (const RehearsalRow& row : rows)
            if (row.outcome == Outcome::failed) names.push_back(row.act + ": " + row.seen);
        return names;
    }
};

Played play(const RehearsalPlan& plan, Faults faults) {
    FakeMachine machine(plan.fresh, faults);
    QuietLog log;
    Played played;
    played.rows = play_acts(plan, machine, log);
    played.calls = machine.calls;
    return played;
}

Played play(Faults faults = {}) {
    return play(plan_of(hello()), faults);
}

void expect_golden(const std::string& name, const Played& played) {
    const Rehearsal rehearsal{"bookworm", "hello", "2.0-1", {"1.0-1"}, played.rows, ""};
    const std::string text = to_text(rehearsal);
    const std::string file = std::string(GOLDEN_DIR) + "/rehearsal/" + name;
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << text;
    std::ostringstream golden;
    golden << std::ifstream(file, std::ios::binary).rdbuf();
    EXPECT_EQ(text, golden.str());
}

TEST(RehearseActs, AGoodPackagesLife) {
    const Played played = play();
    EXPECT_THAT(played.failed(), IsEmpty());
    expect_golden("passed.txt", played);
    EXPECT_THAT(played.calls,
                ElementsAre("--install /var/tmp/rehearsal/1.0-1.deb",
                            "--install /var/tmp/rehearsal/2.0-1.deb",
                            "--install /var/tmp/rehearsal/2.0-1+rehearsal.deb",
                            "--install /var/tmp/rehearsal/1.0-1.deb",
                            "--install /var/tmp/rehearsal/2.0-1+rehearsal.deb",
                            "--install /var/tmp/rehearsal/2.0-1+rehearsal.deb", "--configure -a",
                            "--install /var/tmp/rehearsal/2.0-1.deb", "--remove hello",
                            "--install /var/tmp/rehearsal/2.0-1.deb", "--purge hello"));
}

TEST(RehearseActs, AServiceThatStartsAlthoughItWasStopped) {
    Faults faults;
    faults.starts_stopped = true;
    const Played played = play(faults);
    EXPECT_THAT(
        played.failed(),
        ElementsAre("stop, upgrade: web: runs although the administrator stopped it (hello-web  "
                    "RUNNING   pid 109, uptime 0:00:09)\n"
                    "clock: runs although the administrator stopped it (hello-clock.service "
                    "active (running))"));
    expect_golden("failed.txt", played);
}

TEST(RehearseActs, AFileIsLeft) {
    Faults faults;
    faults.leaves_file = true;
    EXPECT_THAT(play(faults).failed(),
                ElementsAre("purge: left: /var/lib/forgotten/ with more, state"));
}

TEST(RehearseActs, AnotherServiceHasWritten) {
    if (::geteuid() != 0) GTEST_SKIP() << "gives a file to another user";
    Faults faults;
    faults.another_writes = true;
    EXPECT_THAT(play(faults).failed(), ElementsAre());
}

TEST(RehearseActs, AProcessIsLeft) {
    Faults faults;
    faults.leaves_process = true;
    const auto failed = play(faults).failed();
    ASSERT_FALSE(failed.empty());
    EXPECT_EQ(failed[0],
              "remove: a process is left: 77 (user 999): /opt/venvs/hello/bin/python3 worker");
}

TEST(RehearseActs, AConffileIsOverwritten) {
    Faults faults;
    faults.overwrites_conffile = true;
    const auto failed = play(faults).failed();
    ASSERT_FALSE(failed.empty());
    EXPECT_EQ(failed[0], "upgrade: /etc/hello/hello.toml: the administrator's edit is overwritten");
}

TEST(RehearseActs, ACrashIsTheEnd) {
    Faults faults;
    faults.stays_down = true;
    EXPECT_THAT(play(faults).failed(),
                ElementsAre("crash: web: is stopped (hello-web  STOPPED   Nov 24 07:00 PM)\n"
                            "clock: is stopped (hello-clock.service inactive (dead))"));
}

TEST(RehearseActs, AHealthCheckThatIsRefused) {
    Faults faults;
    faults.is_unhealthy = true;
    const Played played = play(faults);
    ASSERT_FALSE(played.failed().empty());
    EXPECT_EQ(played.failed()[0], "install: web: http://127.0.0.1:8000/ does not answer: refused");
    // Nothing can be learnt of what never came up, but what a purge leaves.
    EXPECT_EQ(played.rows.back().act, "purge");
    EXPECT_EQ(played.rows.size(), 3U);
}

TEST(RehearseActs, AnInstancesUnitIsItsTemplates) {
    RehearsedPackage package;
    package.files = {"/usr/lib/systemd/system/hello-web@.service", "/lib/systemd/system/a.service"};
    EXPECT_TRUE(ships_unit(package, "hello-web@2.service"));
    EXPECT_TRUE(ships_unit(package, "a.service"));
    EXPECT_FALSE(ships_unit(package, "b.service"));
    EXPECT_FALSE(ships_unit(package, ""));
}

TEST(RehearseActs, AServiceBetweenTwoCrashesDoesNotRun) {
    Faults faults;
    faults.flaps = true;
    const auto failed = play(faults).failed();
    ASSERT_FALSE(failed.empty());
    EXPECT_EQ(failed[0], "install: the services' processes do not stay the same");
}

TEST(RehearseActs, ARunningServiceHasAProcess) {
    Faults faults;
    faults.has_no_process = true;
    const auto failed = play(faults).failed();
    ASSERT_FALSE(failed.empty());
    EXPECT_EQ(failed[0], "install: web: 0 processes of 1\nclock: 0 processes of 1");
}

TEST(RehearseActs, AnInstallationThatFails) {
    Faults faults;
    faults.fails_to_install = true;
    const Played played = play(faults);
    ASSERT_GE(played.rows.size(), 2U);
    EXPECT_THAT(played.rows[1].seen,
                HasSubstr("dpkg failed: exit status 1: hello.postinst: no such thing"));
    EXPECT_THAT(played.rows[1].evidence, HasSubstr("Setting up hello"));
    EXPECT_EQ(played.rows[1].look,
              "(after the same with --keep) tail -n 50 "
              "/srv/kept-hello-bookworm/var/log/supervisor/hello_web*.log");
}

TEST(RehearseActs, AHealthyServiceKeepsItsProcessWhenPreinstFails) {
    Faults faults;
    faults.restarts_on_abort = true;
    EXPECT_THAT(play(faults).failed(),
                ElementsAre("failed upgrade: web: its main process is another one\n"
                            "clock: its main process is another one"));
}

TEST(RehearseActs, AUserOfTheMachineGoes) {
    Faults faults;
    faults.takes_user_away = true;
    EXPECT_THAT(play(faults).failed(), ElementsAre("purge: the user is gone: daemon"));
}

TEST(RehearseActs, ScriptsThatCannotBeAskedToFailAreLeftOut) {
    RehearsalPlan plan = plan_of(hello());
    plan.cannot_fail = "its preinst is no shell script";
    const Played played = play(plan, {});
    EXPECT_THAT(played.failed(), IsEmpty());
    const auto row = std::find_if(played.rows.begin(), played.rows.end(),
                                  [](const auto& each) { return each.act == "failed upgrade"; });
    ASSERT_NE(row, played.rows.end());
    EXPECT_EQ(row->outcome, Outcome::left_out);
    EXPECT_EQ(row->seen, "its preinst is no shell script");
}

TEST(RehearseActs, APackageWithoutServicesHasNothingToCrash) {
    RehearsedPackage library = hello();
    library.description.services.clear();
    library.description.user.clear();
    library.conffiles.clear();
    const Played played = play(plan_of(library), {});
    EXPECT_THAT(played.failed(), IsEmpty());
    std::vector<std::string> left_out;
    for (const RehearsalRow& row : played.rows)
        if (row.outcome == Outcome::left_out) left_out.push_back(row.act + ": " + row.seen);
    EXPECT_THAT(left_out, ElementsAre("edit conffiles: the package has none",
                                      "crash: the package has no services",
                                      "stop, upgrade: the package has no services"));
}

TEST(RehearseActs, AServiceOfTheVersionBeforeMustNotRunOn) {
    RehearsalPlan plan = plan_of(hello());
    plan.older[0].description.services.push_back({"old", "systemd", "hello-old.service", 1, ""});
    RehearsedPackage both = plan.older[0];
    FakeMachine machine(both, {});  // whichever version is installed, it runs them all
    QuietLog log;
    const auto rows = play_acts(plan, machine, log);
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [](const auto& each) { return each.act == "upgrade"; });
    ASSERT_NE(row, rows.end());
    EXPECT_EQ(row->outcome, Outcome::failed);
    EXPECT_EQ(row->seen, "old (systemd) of another version is enabled");
}

TEST(RehearseActs, UnitsOfAPackageThatDoesNotDescribeItself) {
    RehearsedPackage other = hello();
    other.described = false;
    other.description = {};
    other.description.services = {{"hello-clock", "systemd", "hello-clock.service", 1, ""}};
    other.files.push_back("/lib/systemd/system/hello-clock.service");
    const Played played = play(plan_of(other), {});
    EXPECT_THAT(played.failed(), IsEmpty());
    EXPECT_THAT(played.rows[4].expected, HasSubstr("hello-clock run")) << played.rows[4].act;
}

}  // namespace
}  // namespace dba::rehearsal::testing
