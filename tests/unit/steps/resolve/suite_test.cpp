#include "steps/resolve/suite.hpp"

#include <gmock/gmock.h>

#include <array>

#include "formats/debian/version.hpp"

namespace dba::steps {
namespace {

std::string os_release_of(const std::string& id, const std::string& codename,
                          const std::string& number) {
    return "ID=" + id + "\nVERSION_CODENAME=" + codename +
           (number.empty() ? "" : "\nVERSION_ID=\"" + number + "\"") + "\n";
}

TEST(SuiteSuffix, VersionsSortAsTheSuitesDo) {
    std::string before = "1.4.2-1";
    before += *suite_suffix(os_release_of("debian", "bullseye", "11"), "bullseye");
    EXPECT_EQ(before, "1.4.2-1~deb11");
    for (const auto& [codename, number, suite] :
         {std::array<std::string, 3>{"bookworm", "12", "bookworm"},
          {"trixie", "13", "trixie"},
          {"forky", "", "forky"},
          {"forky", "", "sid"}}) {
        const auto suffix = suite_suffix(os_release_of("debian", codename, number), suite);
        ASSERT_TRUE(suffix) << suite;
        const std::string version = "1.4.2-1" + *suffix;
        EXPECT_LT(compare_debian_versions(before, version), 0) << before << " < " << version;
        EXPECT_LT(compare_debian_versions(version, "1.4.2-1"), 0) << version;
        before = version;
    }
    EXPECT_EQ(*suite_suffix(os_release_of("ubuntu", "noble", "24.04"), "noble"), "~ubuntu24.04");
}

TEST(SuiteSuffix, AnotherSuiteOrOneWithoutANumberIsRefused) {
    const auto other = suite_suffix(os_release_of("debian", "bookworm", "12"), "stable");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().subject, "suite stable");
    EXPECT_EQ(other.error().cause, "the system here is bookworm");
    EXPECT_EQ(other.error().hint, "write SUITES bookworm");
    const auto none = suite_suffix(os_release_of("debian", "zurg", ""), "zurg");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().cause,
              "has no number by which versions for it could be told from those for other suites");
}

TEST(SuiteSuffix, APackageForSeveralSortsBetweenThoseForEach) {
    EXPECT_EQ(joined_suffix("~deb12", "~deb13"), "+13");
    EXPECT_EQ(joined_suffix("~ubuntu22.04", "~ubuntu24.04"), "+24.04");
    EXPECT_EQ(joined_suffix("~deb12", "~ubuntu24.04"), "+ubuntu24.04");
    EXPECT_EQ(joined_suffix("~deb13", "~sid"), "+sid");
    std::string before = "1.4.2-1~deb12";
    for (const char* version : {"1.4.2-1~deb12+13", "1.4.2-1~deb12+13+14", "1.4.2-1~deb12+14",
                                "1.4.2-1~deb13", "1.4.2-1"}) {
        EXPECT_LT(compare_debian_versions(before, version), 0) << before << " < " << version;
        before = version;
    }
}

TEST(DeclareForSuite, ARootOfOnesOwnIsAnotherTarget) {
    Declaration declaration;
    declaration.target_root = "/srv/root";
    const auto refused = declare_for_suite(declaration, "trixie");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().subject, "DEB_VENV_TARGET_ROOT /srv/root");
    EXPECT_EQ(refused.error().hint, "leave DEB_VENV_TARGET_ROOT or SUITES out");
}

TEST(SuiteMirror, LinesAreThoseOfTheSuite) {
    Declaration declaration;
    declaration.suite_mirrors = {{"kali", "deb http://h/kali kali main"},
                                 {"trixie", "deb file:///srv/debian trixie main"},
                                 {"kali", "deb http://h/more kali main"}};
    EXPECT_THAT(
        *mirrors_of(declaration, "kali"),
        ::testing::ElementsAre("deb http://h/kali kali main", "deb http://h/more kali main"));
    EXPECT_THAT(*mirrors_of(declaration, "bookworm"), ::testing::IsEmpty());
    const auto refused = mirrors_of(declaration, "trixie");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().subject,
              "SUITE_MIRROR trixie \"deb file:///srv/debian trixie main\"");
}

}  // namespace
}  // namespace dba::steps
