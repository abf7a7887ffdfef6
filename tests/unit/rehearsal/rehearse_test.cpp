#include "rehearsal/rehearse.hpp"

#include <gmock/gmock.h>

#include "deb/control_member.hpp"
#include "formats/debian/version.hpp"
#include "rehearsal/package.hpp"
#include "rehearsal/versions.hpp"
#include "support/fakes.hpp"
#include "system/files/archive.hpp"

namespace dba::rehearsal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Rehearse : public ::testing::Test {
 protected:
    // A package made by dpkg-deb.
    fs::path make(const std::string& name, const std::string& control,
                  const std::map<std::string, std::string>& files) {
        const fs::path tree = directory_.path() / (name + ".tree");
        for (const auto& [path, bytes] : files)
            directory_.write(name + ".tree/" + path, bytes,
                             path.starts_with("DEBIAN/p") ? 0755 : 0644);
        directory_.write(name + ".tree/DEBIAN/control",
                         control + "Maintainer: Test <test@example.org>\nDescription: test\n");
        fs::path deb = directory_.path() / (name + ".deb");
        const auto made = processes_.check(
            {{"dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree.string(), deb.string()},
             {{"PATH", "/usr/bin:/bin"}}});
        EXPECT_TRUE(made) << made.error().cause;
        return deb;
    }
    fs::path hello(const std::string& version = "1.0-1") {
        return make("hello_" + version,
                    "Package: hello\nVersion: " + version +
                        "\nArchitecture: all\nPre-Depends: adduser\nDepends: supervisor\n",
                    {{"DEBIAN/conffiles", "/etc/hello.toml\n"},
                     {"etc/hello.toml", "a = 1\n"},
                     {"DEBIAN/postinst", "#! /bin/sh -e\nexit 0\n"},
                     {"usr/lib/systemd/system/other.service", "[Service]\n"},
                     {"usr/lib/hello/package.json",
                      R"({"format": 1, "package": "hello", "suite": "trixie",
                          "services": [{"name": "web", "runner": "supervisord",
                                        "program": "hello-web", "healthcheck": "http://[::1]/"}]})"}});
    }

    dba::testing::TemporaryDirectory directory_;
    RealProcessRunner processes_;
};

TEST_F(Rehearse, LearnsThePackageFromItsBytes) {
    const auto package = read_rehearsed(hello());
    ASSERT_TRUE(package) << package.error().cause;
    EXPECT_EQ(package->package, "hello");
    EXPECT_EQ(package->depends, "adduser, supervisor");
    EXPECT_TRUE(package->described);
    EXPECT_EQ(package->description.suite, "trixie");
    // What the package says of itself is all: its units are not asked besides.
    ASSERT_EQ(package->description.services.size(), 1U);
    EXPECT_EQ(package->description.services[0].healthcheck, "http://[::1]/");
    EXPECT_THAT(package->conffiles, ElementsAre("/etc/hello.toml"));
    EXPECT_THAT(package->files, ElementsAre("/etc/hello.toml", "/usr/lib/hello/package.json",
                                            "/usr/lib/systemd/system/other.service"));
}

TEST_F(Rehearse, TakesTheUnitsOfAPackageThatSaysNothing) {
    const auto package =
        read_rehearsed(make("other", "Package: other\nVersion: 1\nArchitecture: all\n",
                            {{"DEBIAN/conffiles", "/etc/a b\nremove-on-upgrade /etc/gone\n"},
                             {"etc/a b", ""},
                             {"lib/systemd/system/one.service", ""},
                             {"lib/systemd/system/two@.service", ""},
                             {"lib/systemd/system/three.timer", ""},
                             {"usr/lib/systemd/system/x.service.d/four.service", ""}}));
    ASSERT_TRUE(package) << package.error().cause;
    EXPECT_FALSE(package->described);
    ASSERT_EQ(package->description.services.size(), 1U);
    EXPECT_EQ(package->description.services[0],
              (DescribedService{"one", "systemd", "one.service", 1, ""}));
    EXPECT_THAT(package->conffiles, ElementsAre("/etc/a b"));
}

TEST_F(Rehearse, KnowsTheUnitsOfInstances) {
    EXPECT_THAT(units_of({"web", "systemd", "hello-web.target", 2, ""}),
                ElementsAre("hello-web@1.service", "hello-web@2.service"));
    EXPECT_THAT(units_of({"web", "systemd", "hello-web.service", 1, ""}),
                ElementsAre("hello-web.service"));
}

TEST_F(Rehearse, MadeVersionsLieOnBothSides) {
    for (const std::string version : {"1.0-1", "2:1.0~rc1-1", "1.0", "1.0+git1.abc-2"}) {
        EXPECT_LT(compare_debian_versions(version_below(version), version), 0);
        EXPECT_GT(compare_debian_versions(version_above(version), version), 0);
        EXPECT_TRUE(check_debian_version(version_below(version)));
        EXPECT_TRUE(check_debian_version(version_above(version)));
    }
}

TEST_F(Rehearse, AMadeVersionHasTheSameFilesAndAHurdle) {
    const fs::path deb = hello();
    const fs::path made = directory_.path() / "made.deb";
    const auto done = make_version(deb, "1.0-1+rehearsal", true, directory_.path(), made);
    ASSERT_TRUE(done) << done.error().cause;
    const auto before = read_deb(deb), after = read_deb(made);
    ASSERT_TRUE(after) << after.error().cause;
    ASSERT_EQ(before->data.size(), after->data.size());
    EXPECT_THAT(after->control.at("control"), HasSubstr("Version: 1.0-1+rehearsal\n"));
    EXPECT_EQ(after->control.at("conffiles"), before->control.at("conffiles"));
    EXPECT_EQ(after->control.at("preinst"),
              "#!/bin/sh\nset -e\n"
              "if [ \"$1\" = upgrade ] && [ -e /var/tmp/rehearsal/fail-preinst ]; then\n"
              "    echo 'the rehearsal asks this preinst to fail' >&2\n"
              "    exit 1\n"
              "fi\n");
    EXPECT_EQ(after->control.at("postinst"),
              "#! /bin/sh -e\n"
              "if [ \"$1\" = configure ] && [ -e /var/tmp/rehearsal/fail-postinst ]; then\n"
              "    echo 'the rehearsal asks this postinst to fail' >&2\n"
              "    exit 1\n"
              "fi\n"
              "exit 0\n");
    EXPECT_EQ(after->control_modes.at("preinst"), 0755U);
    // dpkg takes it.
    const auto told = processes_.check(
        {{"dpkg-deb", "--field", made.string(), "Version"}, {{"PATH", "/usr/bin:/bin"}}});
    ASSERT_TRUE(told) << told.error().cause;
    EXPECT_EQ(told->out, "1.0-1+rehearsal\n");
}

TEST_F(Rehearse, AScriptOfAnotherLanguageHasNoHurdle) {
    const fs::path deb = make("perl", "Package: perly\nVersion: 1\nArchitecture: all\n",
                              {{"DEBIAN/postinst", "#!/usr/bin/perl\nexit 0;\n"}});
    const fs::path made = directory_.path() / "made.deb";
    const auto done = make_version(deb, "2", true, directory_.path(), made);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().cause, "its postinst is no shell script");
    EXPECT_FALSE(fs::exists(made));
    EXPECT_TRUE(make_version(deb, "2", false, directory_.path(), made));
}

TEST_F(Rehearse, RefusesWhatIsNoEarlierVersion) {
    dba::testing::QuietLog log;
    RehearseOptions options;
    options.deb = hello();
    options.work = directory_.path() / "work";
    options.cache = directory_.path() / "cache";
    options.from = {hello("1.0-2")};
    auto refused = rehearse(options, processes_, log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().subject, options.from[0].string());
    EXPECT_EQ(refused.error().cause, "its version 1.0-2 is not before 1.0-1");

    options.from.clear();
    options.setup = "/nowhere/setup.sh";
    refused = rehearse(options, processes_, log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_EQ(refused.error().subject, "/nowhere/setup.sh");
    EXPECT_EQ(refused.error().cause, "there is no such file");
    options.setup.clear();

    options.from = {make("other", "Package: other\nVersion: 0.1\nArchitecture: all\n", {})};
    refused = rehearse(options, processes_, log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, "is other, not an earlier version of hello");

    options.from = {directory_.write("text.deb", "nothing of the kind")};
    refused = rehearse(options, processes_, log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ExitCode::bad_input);
    EXPECT_FALSE(fs::exists(options.work)) << "nothing is made for a package that is none";
    EXPECT_FALSE(fs::exists(options.cache));
}

TEST_F(Rehearse, SaysWhatIsMissing) {
    const auto all = [](const std::string&) { return true; };
    EXPECT_TRUE(require_rehearsal_tools("/x/a b.deb", true, all));
    const auto nobody = require_rehearsal_tools("/x/a b.deb", false, all);
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ExitCode::system);
    EXPECT_EQ(nobody.error().cause,
              "needs root: it boots a machine in a directory, by systemd-nspawn");
    EXPECT_EQ(nobody.error().hint, "sudo deb-build-app rehearse '/x/a b.deb'");
    for (const auto& [program, package] : {std::pair{"mmdebstrap", "mmdebstrap"},
                                           {"systemd-nspawn", "systemd-container"},
                                           {"nsenter", "util-linux"}}) {
        const auto missing = require_rehearsal_tools(
            "/x.deb", true, [&](const std::string& name) { return name != program; });
        ASSERT_FALSE(missing);
        EXPECT_EQ(missing.error().subject, program);
        EXPECT_EQ(missing.error().cause, "is not installed, and a rehearsal needs it");
        EXPECT_EQ(missing.error().hint, std::string("apt-get install ") + package);
    }
}

}  // namespace
}  // namespace dba::rehearsal
