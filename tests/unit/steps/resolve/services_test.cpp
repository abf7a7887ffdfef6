#include "steps/resolve/services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/resolve_fixture.hpp"

namespace dba::steps {
namespace {

class ResolveServices : public testing::ResolveTest {
 protected:
    ResolveServices() { declaration.services.push_back({.name = "web", .command = {"run"}}); }
    Service& web() { return declaration.services[0]; }
    // What is said of the service when this member of it has this value.
    std::string with(std::string Service::*member, const std::string& value) {
        const Service before = web();
        web().*member = value;
        std::string told = error();
        web() = before;
        return told;
    }
};

TEST_F(ResolveServices, WhatIsLeftOpenIsFilledIn) {
    web().command = {"run", "python", "x"};
    web().environment = {"LEVEL=2", "HOME=/srv"};
    declaration.environment = {"LEVEL=1", "MODE=a"};
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->user, "hello");
    const ResolvedService& made = got->services[0];
    EXPECT_EQ(made.command, (std::vector<std::string>{"run", "/opt/venvs/hello/bin/python3", "x"}));
    EXPECT_EQ(made.runner, Runner::supervisord);
    EXPECT_EQ(made.program, "hello-web");
    EXPECT_EQ(made.priority, 900);
    EXPECT_EQ(made.type, ServiceType::simple);
    EXPECT_EQ(made.instances, 1);
    EXPECT_EQ(made.stop_signal, "TERM");
    EXPECT_EQ(made.stop_timeout, 20);
    EXPECT_FALSE(made.stop_group);
    EXPECT_EQ(made.reload_signal, "");
    EXPECT_EQ(made.watchdog, 0);
    EXPECT_EQ(made.hardening, Hardening::standard);
    EXPECT_EQ(made.environment,
              (std::vector<std::string>{
                  "HOME=/srv", "USER=hello", "LOGNAME=hello",
                  "PATH=/opt/venvs/hello/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                  "STATE_DIRECTORY=/var/lib/hello", "LOGS_DIRECTORY=/var/log/hello/web",
                  "RUNTIME_DIRECTORY=/run/hello", "LEVEL=2", "MODE=a"}));
}

TEST_F(ResolveServices, WhatIsDeclaredIsSettled) {
    declaration.name = "he+llo";
    Service daemon{.name = "d",
                   .command = {"/usr/sbin/daemon"},
                   .runner = "systemd",
                   .pidfile = "d.pid",
                   .stop_signal = "SIGINT",
                   .stop_timeout = "90",
                   .stop_group = true,
                   .reload_signal = "hup",
                   .watchdog = "86400",
                   .hardening = "strict",
                   .formerly = "crew"};
    declaration.services.push_back(daemon);
    daemon.name = "many";
    daemon.formerly.clear();
    daemon.instances = "1000";
    declaration.services.push_back(daemon);
    const auto got = run();
    ASSERT_TRUE(got) << error();
    EXPECT_EQ(got->user, "he-llo");
    const ResolvedService& made = got->services[1];
    EXPECT_EQ(made.program, "he_llo-d.service");
    EXPECT_EQ(made.priority, 901);
    EXPECT_EQ(made.type, ServiceType::forking);
    EXPECT_EQ(made.pidfile, "/run/he+llo/d.pid");
    EXPECT_EQ(made.stop_signal, "INT");
    EXPECT_EQ(made.stop_timeout, 90);
    EXPECT_TRUE(made.stop_group);
    EXPECT_EQ(made.reload_signal, "HUP");
    EXPECT_EQ(made.watchdog, 86400);
    EXPECT_EQ(made.hardening, Hardening::strict);
    EXPECT_EQ(got->services[2].instances, 1000);
    EXPECT_EQ(got->services[2].program, "he_llo-many.target");
    EXPECT_THAT(shop.log.lines,
                ::testing::Contains(
                    "warning: resolve: SERVICE d: /usr/sbin/daemon is not part of the package; the "
                    "target must have it (DEPENDS)"));
}

// Before a repository is asked, a program is started, or anything is made.
TEST_F(ResolveServices, IsRefusedBeforeAnyWork) {
    shop.directory.write("uv", "#!/bin/sh\ntouch \"${0%/*}/started\"\necho 'uv 0.13.9'\n", 0755);
    declaration.source_dir.clear();
    declaration.git = GitSource{.repository = "https://example.org/r.git", .tag = "main"};
    EXPECT_EQ(with(&Service::stop_signal, "BOGUS"),
              "SERVICE web: STOP_SIGNAL 'BOGUS' is no signal | one of HUP, INT, QUIT, TERM, KILL, "
              "USR1, USR2, WINCH, ABRT, ALRM");
    EXPECT_EQ(with(&Service::watchdog, "30"),
              "SERVICE web: WATCHDOG needs RUNNER systemd | say RUNNER systemd, or leave WATCHDOG "
              "out");
    EXPECT_EQ(with(&Service::instances, "1001"),
              "SERVICE web: INSTANCES '1001' is not a number from 1 to 1000 | for example "
              "INSTANCES 4");
    EXPECT_EQ(with(&Service::healthcheck, "ftp://x"),
              "SERVICE web: HEALTHCHECK 'ftp://x' is no http URL | for example "
              "http://127.0.0.1:8000/health");
    EXPECT_TRUE(shop.git.asked.empty());
    EXPECT_EQ(shop.store.made(), 0);
    EXPECT_FALSE(fs::exists(shop.directory.path() / "started"));
    EXPECT_FALSE(fs::exists(pin));
    // The same declaration without a fault does all that.
    shop.git.files["pyproject.toml"] = "[project]\nname='x'\nversion='1'\n";
    shop.git.commit.id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    EXPECT_EQ(error(), "no error");
    EXPECT_FALSE(shop.git.asked.empty());
    EXPECT_TRUE(fs::exists(shop.directory.path() / "started"));
}

TEST_F(ResolveServices, WordsThatMeanNothing) {
    EXPECT_EQ(with(&Service::stop_signal, "TERN"),
              "SERVICE web: STOP_SIGNAL 'TERN' is no signal | did you mean TERM?");
    EXPECT_EQ(with(&Service::reload_signal, "HUPP"),
              "SERVICE web: RELOAD_SIGNAL 'HUPP' is no signal | did you mean HUP?");
    EXPECT_EQ(
        with(&Service::instances, "0"),
        "SERVICE web: INSTANCES '0' is not a number from 1 to 1000 | for example INSTANCES 4");
    EXPECT_EQ(with(&Service::stop_timeout, "86401"),
              "SERVICE web: STOP_TIMEOUT '86401' is not a number from 1 to 86400 | for example "
              "STOP_TIMEOUT 90");
    EXPECT_EQ(with(&Service::runner, "systemctl"),
              "SERVICE web RUNNER: \"systemctl\" is none of supervisord, systemd | did you mean "
              "systemd?");
    EXPECT_EQ(with(&Service::hardening, "none"),
              "SERVICE web HARDENING: \"none\" is none of default, strict, off | write HARDENING "
              "default");
    EXPECT_EQ(with(&Service::healthcheck, "localhost:80"),
              "SERVICE web: HEALTHCHECK 'localhost:80' is no http URL | for example "
              "http://127.0.0.1:8000/health");
    EXPECT_EQ(with(&Service::name, "we b"),
              "SERVICE we b: its name has characters that a unit or a program cannot have | "
              "letters, digits, '-', '_' and '.', starting with a letter or digit");
    EXPECT_EQ(with(&Service::formerly, "we b"),
              "SERVICE web: FORMERLY 'we b' is no name of a service | letters, digits, '-', '_' "
              "and '.', starting with a letter or digit");
    EXPECT_EQ(with(&Service::formerly, "web"),
              "SERVICE web: FORMERLY web is a service of this version | FORMERLY names one that "
              "the package no longer has");
    web().environment = {"1X=a"};
    EXPECT_EQ(error(),
              "SERVICE web: ENVIRONMENT '1X=a' is not NAME=value | a name has letters, digits and "
              "_, and no digit first");
    web().environment = {};
    web().command.clear();
    EXPECT_EQ(error(), "SERVICE web: has no COMMAND | add COMMAND <program> <argument>...");
    web().command = {"run"};
    declaration.user = "Web";
    EXPECT_EQ(error(),
              "USER: 'Web' is no name for a system user | at most 32 of a-z, 0-9, '-' and '_', "
              "starting with a letter or '_'");
    declaration.user = "root";
    EXPECT_EQ(
        error(),
        "USER: root's services can do anything to the host, and what they write is root's for "
        "good | leave USER out, or say why it must be so: RUN_AS_ROOT_BECAUSE <reason>");
    declaration.run_as_root_because = "it sets the clock";
    EXPECT_EQ(error(), "no error");
    declaration.user.clear();
    declaration.services.push_back(web());
    EXPECT_EQ(error(),
              "SERVICE web: is declared twice | give each service of a package its own name");
}

TEST_F(ResolveServices, WhatOnlySystemdCanDo) {
    EXPECT_EQ(with(&Service::type, "notify"),
              "SERVICE web: TYPE notify has no meaning under supervisord | say RUNNER systemd, or "
              "leave TYPE out");
    EXPECT_EQ(with(&Service::pidfile, "/run/hello/web.pid"),
              "SERVICE web: PIDFILE has no meaning under supervisord | supervisord needs a program "
              "that stays in the foreground: drop its daemon option, or say RUNNER systemd");
    EXPECT_EQ(with(&Service::hardening, "strict"),
              "SERVICE web: HARDENING strict needs RUNNER systemd | say RUNNER systemd, or leave "
              "HARDENING out");
    EXPECT_EQ(with(&Service::hardening, "off"), "no error");
    web().runner = "systemd";
    EXPECT_EQ(with(&Service::type, "forking"),
              "SERVICE web: TYPE forking needs its PIDFILE | add PIDFILE /run/hello/web.pid, and "
              "have the program write it there");
    EXPECT_EQ(with(&Service::type, "oneshoot"),
              "SERVICE web TYPE: \"oneshoot\" is none of simple, exec, notify, forking, oneshot | "
              "did you mean oneshot?");
    for (const std::string path : {"/run/../x", "/run/", "a\nb", "."})
        EXPECT_EQ(with(&Service::pidfile, path),
                  "SERVICE web: PIDFILE '" + path +
                      "' is not the path of a file | without '.', '..', '//' or a newline, for "
                      "example PIDFILE /run/hello/web.pid");
    EXPECT_EQ(with(&Service::watchdog, "86401"),
              "SERVICE web: WATCHDOG '86401' is not a number from 1 to 86400 | for example "
              "WATCHDOG 30");
}

TEST_F(ResolveServices, WhatHasAClockOrAnOrder) {
    for (const auto& [member, keyword] :
         {std::pair(&Service::timer, "TIMER"), std::pair(&Service::unit_options, "UNIT_OPTIONS")})
        EXPECT_EQ(with(member, "daily"),
                  std::string("SERVICE web: ") + keyword +
                      " has no meaning under supervisord, which knows neither clocks nor units | "
                      "say RUNNER systemd, or leave " +
                      keyword + " out");
    web().after = {"postgresql"};
    EXPECT_EQ(error(),
              "SERVICE web: AFTER has no meaning under supervisord, which knows neither clocks nor "
              "units | say RUNNER systemd, or leave AFTER out");
    web().runner = "systemd";
    EXPECT_EQ(error(), "no error");
    web().after = {"post gres"};
    EXPECT_EQ(
        error(),
        "SERVICE web: AFTER 'post gres' is no name of a unit | for example postgresql.service");
    web().after.clear();
    EXPECT_EQ(with(&Service::timer, "dayly"),
              "SERVICE web: TIMER 'dayly' is no calendar event | for example TIMER daily, TIMER "
              "\"*:0/15\" or TIMER \"Mon..Fri *-*-* 02:30\" (systemd.time(7))");
    EXPECT_EQ(with(&Service::timer_delay, "5"),
              "SERVICE web: TIMER_DELAY without TIMER | add TIMER <calendar>");
    web().timer = "daily";
    EXPECT_EQ(with(&Service::type, "notify"),
              "SERVICE web: TIMER starts what ends by itself, and TYPE notify is what stays | say "
              "TYPE oneshot, or leave TYPE out");
    EXPECT_EQ(with(&Service::instances, "2"),
              "SERVICE web: INSTANCES is for what stays; TYPE oneshot ends by itself | leave "
              "INSTANCES out");
    EXPECT_EQ(with(&Service::healthcheck, "http://[::1]/"),
              "SERVICE web: HEALTHCHECK is for what stays; TYPE oneshot ends by itself | leave "
              "HEALTHCHECK out");
}

TEST_F(ResolveServices, CredentialsThatSystemdWouldNotTake) {
    const auto error_of = [&](std::vector<std::string> credentials) {
        web().credentials = std::move(credentials);
        return error();
    };
    for (const std::string name : {"", ".", "..", "a b", "a/b", "a\\b", "a'b", "\xc3\xa9", "a\n"})
        EXPECT_EQ(
            error_of({"db", name}),
            "SERVICE web: CREDENTIALS '" + name +
                "' is not the name of a credential | at most 255 printable ASCII characters, none "
                "of them a space, '/', ':', a quote or a backslash");
    EXPECT_TRUE(error_of({std::string(256, 'x')}).starts_with("SERVICE web: CREDENTIALS 'xxx"));
    EXPECT_EQ(error_of({std::string(255, 'x')}), "no error");
    for (const std::string path : {"", "/", "db", "/a b", "/a/", "/a/../b", "//a", "/a\"b"})
        EXPECT_EQ(
            error_of({"db:" + path}),
            "SERVICE web: CREDENTIALS db: '" + path +
                "' is not an absolute path of a file | printable ASCII characters without spaces, "
                "quotes and backslashes, and no '.', '..' or '//' in it");
    for (const std::string place :
         {"/var/lib/hello", "/var/log/hello", "/run/hello", "/var/run/hello", "/tmp", "/var/tmp"})
        EXPECT_EQ(error_of({"db:" + place + "/db"}),
                  "SERVICE web: CREDENTIALS db: '" + place + "/db' is in " + place +
                      ", where others than root may put another file, or a link to any | keep it "
                      "in /etc/hello/credentials, which is root's");
    EXPECT_EQ(error_of({"db:/var/lib/hello2/db"}), "no error");
    EXPECT_EQ(error_of({"db", "db:/etc/other"}),
              "SERVICE web: it has two CREDENTIALS 'db' | each is a file of that name for the "
              "service: give them two names");
    ASSERT_EQ(error_of({"db", "other:/etc/hello/credentials/db", "%$;#!~@-"}), "no error");
    EXPECT_EQ(run()->services[0].credentials,
              (std::vector<Credential>{{"db", "/etc/hello/credentials/db"},
                                       {"other", "/etc/hello/credentials/db"},
                                       {"%$;#!~@-", "/etc/hello/credentials/%$;#!~@-"}}));
}

}  // namespace
}  // namespace dba::steps
