#include "steps/build_depends/build_depends.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/render_fixture.hpp"

namespace dba::steps::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* status =
    "Package: dpkg\nStatus: install ok installed\nVersion: 1.21.22\nArchitecture: amd64\n\n"
    "Package: gcc\nStatus: install ok installed\nVersion: 4:12.2.0-3\nArchitecture: amd64\n\n"
    "Package: mawk\nStatus: install ok installed\nVersion: 1.3.4-1\nArchitecture: amd64\n"
    "Provides: awk\n\n"
    "Package: removed\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: amd64\n";

class BuildDepends : public ::testing::Test {
 protected:
    BuildDepends() { outside.write("root/var/lib/dpkg/status", status); }
    [[nodiscard]] std::string root() const { return (outside.directory() / "root").string(); }
    std::vector<std::string> missing(const std::vector<std::string>& depends) {
        return missing_build_depends(depends, root()).value();
    }
    Outside outside;
};

TEST_F(BuildDepends, WhatIsThereIsNotMissing) {
    EXPECT_THAT(missing({"gcc", "gcc (>= 4:12)", "clang | gcc", "awk", "gcc (>= 4:10), mawk"}),
                IsEmpty());
}

TEST_F(BuildDepends, WhatIsNotThereIsNamedOnce) {
    EXPECT_THAT(missing({"nodejs", "gcc (>= 4:13)", "clang | tcc", "nodejs", "removed"}),
                ElementsAre("nodejs", "gcc (>= 4:13)", "clang | tcc", "removed"));
}

TEST_F(BuildDepends, AllMissingOnesInOneLineThatCanBePasted) {
    const auto plain = require_build_depends({"node-less", "gcc", "sassc"}, root(), "hello");
    ASSERT_FALSE(plain.has_value());
    EXPECT_EQ(text_of(plain.error()),
              "3\nhello\nbuild dependencies are missing: node-less, sassc\n"
              "sudo apt-get install node-less sassc");
    const auto versioned = require_build_depends({"node-less (>= 3)", "aa | bb"}, root(), "hello");
    ASSERT_FALSE(versioned.has_value());
    EXPECT_EQ(text_of(versioned.error()),
              "3\nhello\nbuild dependencies are missing: node-less (>= 3), aa | bb\n"
              "sudo apt-get satisfy 'node-less (>= 3), aa | bb'");
    EXPECT_TRUE(require_build_depends({"gcc"}, root(), "hello").has_value());
}

TEST_F(BuildDepends, WhatIsNoRelationIsAnError) {
    const auto result = missing_build_depends({"gcc (> 3"}, root());
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().subject, "BUILD_DEPENDS");
    EXPECT_EQ(result.error().code, ExitCode::bad_input);
}

// Answers every command with one status and keeps what it was asked to run.
class FakeRunner final : public ProcessRunner {
 public:
    Result<Completed> run(const Command& command) override {
        commands.push_back(command);
        return Completed{status, "", "E: you are not root\n"};
    }
    int status = 0;
    std::vector<Command> commands;
};

TEST_F(BuildDepends, AreInstalledByAptGetSatisfy) {
    FakeRunner runner;
    System system{runner, outside.system->git, outside.log, outside.system->store};
    ASSERT_TRUE(install_build_depends({"gcc (>= 4:13), aa | bb"}, system).has_value());
    ASSERT_EQ(runner.commands.size(), 1U);
    std::vector<std::string> argv = runner.commands[0].argv;
    if (argv[0] == "eatmydata") argv.erase(argv.begin());
    EXPECT_THAT(argv, ElementsAre("apt-get", "satisfy", "-y", "--no-install-recommends",
                                  "gcc (>= 4:13)", "aa | bb"));
    EXPECT_EQ(runner.commands[0].environment.at("DEBIAN_FRONTEND"), "noninteractive");
    runner.status = 100;
    const auto failed = install_build_depends({"aa | bb"}, system);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().code, ExitCode::system);
    EXPECT_NE(failed.error().hint.find("sudo apt-get satisfy 'aa | bb'"), std::string::npos)
        << failed.error().hint;
}

}  // namespace
}  // namespace dba::steps::testing
