#include "formats/debian/judges.hpp"

#include <gmock/gmock.h>

namespace dba {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Lintian, TagsBySeverity) {
    const auto report = parse_lintian(
        "N: a comment\n"
        "E: hello: dir-or-file-in-opt [opt/x/]\n"
        "W: hello: no-manual-page [usr/bin/a: b]\n"
        "E: hello changes: bad-distribution x\n"
        "E: hello: dir-or-file-in-opt [opt/y/]\n"
        "O: hello: embedded-library libz [opt/x/z.so]\n"
        "M: hello: weird x\n"
        "I: hello: spelling-error-in-binary a b\n"
        "P: hello: silent\n"
        "\nnot a tag\nQ: hello: nothing\nW: torn\n");
    EXPECT_THAT(report.errors, ElementsAre("dir-or-file-in-opt [opt/x/]", "bad-distribution x",
                                           "dir-or-file-in-opt [opt/y/]"));
    EXPECT_THAT(report.warnings, ElementsAre("no-manual-page [usr/bin/a: b]"));
    EXPECT_THAT(report.hints, ElementsAre("spelling-error-in-binary a b", "silent"));
    EXPECT_EQ(report.overridden, 2U);
    EXPECT_THAT(tag_names(report.errors), ElementsAre("dir-or-file-in-opt", "bad-distribution"));
}

TEST(Piuparts, TestsThatPassed) {
    const auto report = parse_piuparts(
        "0m0.0s INFO: piuparts version 1.1.7 starting up.\n"
        "0m26.1s ERROR: WARN: Broken symlinks:\n"
        "  /etc/x -> y (hello)\n"
        "0m27.0s INFO: PASS: Installation and purging test.\n"
        "0m27.1s DUMP: \n"
        "  Package: tiny\n"
        "  0m1.0s ERROR: FAIL: what an indented line says is the package's\n"
        "1m48.9s INFO: PASS: Installation, upgrade and purging tests.\n"
        "1m49.0s INFO: Warning: debsums was lenient\n"
        "1m49.0s INFO: PASS: All tests.\n");
    EXPECT_TRUE(report.started);
    ASSERT_EQ(report.passed.size(), 3U);
    EXPECT_EQ(report.passed[0].test, "Installation and purging test.");
    EXPECT_DOUBLE_EQ(report.passed[0].seconds, 27.0);
    EXPECT_EQ(report.passed[1].test, "Installation, upgrade and purging tests.");
    EXPECT_DOUBLE_EQ(report.passed[1].seconds, 108.9);
    EXPECT_THAT(report.errors, IsEmpty());
    EXPECT_THAT(report.warnings,
                ElementsAre("Broken symlinks:\n  /etc/x -> y (hello)", "debsums was lenient"));
    EXPECT_TRUE(report.knew_older);
}

TEST(Piuparts, FaultsAreWholeReports) {
    const auto report = parse_piuparts(
        "0m9.0s INFO: apt-cache does not know about any of the requested packages\n"
        "0m9.1s INFO: Can't test upgrade: packages not known by apt-get.\n"
        "0m9.9s ERROR: FAIL: Package purging left files on system:\n"
        "  /etc/left/\t owned by: hello\n"
        "  /etc/left/link -> /x\t not owned\n"
        "\n"
        "0m9.9s ERROR: FAIL: Installation and purging test.\n"
        "0m10.0s ERROR: piuparts run ends.\n");
    EXPECT_FALSE(report.started);
    EXPECT_FALSE(report.knew_older);
    ASSERT_EQ(report.errors.size(), 2U);
    EXPECT_THAT(faults(report.errors[0]),
                ElementsAre("Package purging left files on system: /etc/left/",
                            "Package purging left files on system: /etc/left/link -> /x"));
    EXPECT_THAT(faults(report.errors[1]), ElementsAre("Installation and purging test."));
}

TEST(Piuparts, AFailedCommandWithoutItsChroot) {
    EXPECT_THAT(faults("Command failed (status=100): ['chroot', '/tmp/x', 'apt-get', '-y', "
                       "'install', './tmp/a.deb', \"it's\"]\n  Reading...\n  E: no\n"),
                ElementsAre("apt-get -y install ./tmp/a.deb it's failed (status 100)"));
    EXPECT_THAT(faults("Command failed (status=1): ['debsums', '-ac']"),
                ElementsAre("debsums -ac failed (status 1)"));
    EXPECT_THAT(faults("Command failed (status=1): torn"),
                ElementsAre("Command failed (status=1): torn"));
    EXPECT_THAT(faults("Could not install x."), ElementsAre("Could not install x."));
    EXPECT_THAT(faults(""), IsEmpty());
}

TEST(Piuparts, NoLogAtAll) {
    const auto report = parse_piuparts("You need to be root to use piuparts.\n");
    EXPECT_FALSE(report.started);
    EXPECT_THAT(report.errors, IsEmpty());
}

}  // namespace
}  // namespace dba
