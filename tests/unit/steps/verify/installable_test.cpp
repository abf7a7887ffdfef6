#include "steps/verify/installable.hpp"

#include "support/fakes.hpp"

namespace dba::steps {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of the lists that it is asked about, it knows what these suites have not.
class AptOfSuites final : public ProcessRunner {
 public:
    std::map<std::string, std::string> unknown;  // by the root's name
    int asked = 0;
    Result<Completed> run(const Command& command) override {
        ++asked;
        const auto configuration = read_file(command.environment.at("APT_CONFIG")).value();
        for (const auto& [root, package] : unknown)
            if (configuration.find("/" + root + "/\"") != std::string::npos &&
                command.argv.back().find(package) != std::string::npos)
                return Completed{100, "", "E: Unable to locate package " + package + "\n"};
        return Completed{};
    }
};

class InstallableTest : public ::testing::Test {
 protected:
    void SetUp() override {
        ASSERT_TRUE(workshop.system.store.open());
        for (const char* suite : {"bookworm", "trixie"}) {
            workshop.directory.write(std::string(suite) + "/var/lib/dpkg/status", "");
            workshop.directory.write(std::string(suite) + "/var/lib/apt/lists/x_Packages",
                                     "Package: adduser\n");
            roots.push_back({suite, (workshop.directory.path() / suite).string(), ""});
        }
        workshop.directory.write("DEBIAN/control",
                                 "Package: hello\nPre-Depends: dpkg (>= 1.17)\n"
                                 "Depends: adduser, libssl3t64 (>= 3) | libssl3 (>= 3), other\n");
    }
    std::vector<std::string> ask() {
        System system{apt, workshop.system.git, workshop.log, workshop.system.store};
        const fs::path debian = workshop.directory.path() / "DEBIAN";
        const auto found = check_installable({debian, roots, workshop.directory.path() / "build"},
                                             "amd64", system);
        EXPECT_TRUE(found) << found.error().cause;
        std::vector<std::string> out;
        for (const Finding& one : *found) {
            EXPECT_EQ(one.check, "depends");
            EXPECT_EQ(one.hint, "a package of that suite, or alternatives (\"a | b\"), in DEPENDS");
            out.push_back(one.message);
        }
        return out;
    }
    testing::Workshop workshop;
    AptOfSuites apt;
    std::vector<RootOfSuite> roots;
};

TEST_F(InstallableTest, WhatASuiteHasNotIsNamedAndAskedOnce) {
    EXPECT_THAT(ask(), IsEmpty());
    EXPECT_EQ(apt.asked, 2);
    EXPECT_THAT(ask(), IsEmpty());
    EXPECT_EQ(apt.asked, 2);

    apt.unknown["trixie"] = "other";
    workshop.directory.write("trixie/var/lib/apt/lists/x_Packages", "Package: adduser2\n");
    EXPECT_THAT(ask(), ElementsAre("apt cannot install \"other\" in trixie; its last lines:\n"
                                   "E: Unable to locate package other"));
}

TEST_F(InstallableTest, APackageThatIsMadeBesideItComesWithIt) {
    apt.unknown["bookworm"] = "other";
    workshop.directory.write("build/other.declaration.json", "{}");
    EXPECT_THAT(ask(), IsEmpty());
}

TEST_F(InstallableTest, ARootWithoutListsIsAWarning) {
    roots.pop_back();
    fs::remove(workshop.directory.path() / "bookworm/var/lib/apt/lists/x_Packages");
    apt.unknown["bookworm"] = "other";
    EXPECT_THAT(ask(), IsEmpty());
    EXPECT_THAT(
        workshop.log.lines,
        ElementsAre("warning: depends: the root of bookworm has no package lists: whether apt can "
                    "install what is needed was not asked"));
}

}  // namespace
}  // namespace dba::steps
