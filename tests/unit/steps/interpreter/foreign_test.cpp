// A target that is another machine: what runs is this machine's Python.
#include <gmock/gmock.h>

#include "python/fitting.hpp"
#include "python/installer.hpp"
#include "python/markers.hpp"
#include "python/venv.hpp"
#include "support/venv_fixture.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

using ::testing::HasSubstr;

class ForeignTest : public testing::EnvironmentTest {
 protected:
    ForeignTest() {
        manifest_.target.architecture = "arm64";
        manifest_.target.native = "amd64";
        manifest_.target.machine = "aarch64";
        manifest_.target.libc = "2.28";
    }
    std::string asked_in(const Venv& venv, const std::string& code, bool as_installer) {
        Environment environment{{"PATH", "/usr/bin:/bin"}};
        if (as_installer) answer_for_target(environment, manifest_);
        const auto ran = shop_.system.processes.run(
            {.argv = {venv.python, "-I", "-c", code}, .environment = environment});
        return ran ? ran->out + ran->err : ran.error().cause;
    }
};

TEST_F(ForeignTest, MarkersAndTagsAreTheTargets) {
    const auto interpreter = steps::interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(interpreter) << interpreter.error().cause;
    const auto answers = marker_answers(manifest_, *interpreter, shop_.system);
    ASSERT_TRUE(answers) << answers.error().cause;
    EXPECT_EQ(answers->markers.environment.at("platform_machine"), "aarch64");
    EXPECT_EQ(answers->machine, "aarch64");
    EXPECT_EQ(answers->glibc_minor, 28);
    EXPECT_TRUE(fits("x-1-py3-none-manylinux_2_28_aarch64.whl", *answers));
    EXPECT_FALSE(fits("x-1-py3-none-manylinux_2_34_aarch64.whl", *answers));
    EXPECT_FALSE(fits("x-1-py3-none-manylinux_2_28_x86_64.whl", *answers));
}

TEST_F(ForeignTest, AnInstallerIsToldOfTheTargetAndWhatItStartsIsNot) {
    const auto interpreter = steps::interpreter(manifest_, {}, shop_.system);
    ASSERT_TRUE(interpreter) << interpreter.error().cause;
    const auto venv =
        stage_venv(manifest_, *interpreter, shop_.store.scratch("venv").value() / "a b'c");
    ASSERT_TRUE(venv) << venv.error().cause;
    const std::string ask =
        "import os, platform, subprocess, sys, sysconfig\n"
        "print(platform.machine(), os.uname().machine, sysconfig.get_platform(), "
        "os.confstr('CS_GNU_LIBC_VERSION'))\n";
    EXPECT_EQ(asked_in(*venv, ask, true), "aarch64 aarch64 linux-aarch64 glibc 2.28\n");
    EXPECT_THAT(asked_in(*venv, ask, false), ::testing::Not(HasSubstr("aarch64")));
    const std::string child =
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', "
        "'import platform; print(platform.machine())'])\n";
    EXPECT_EQ(asked_in(*venv, child, true),
              asked_in(*venv, "import platform; print(platform.machine())", false));
    const auto building =
        stage_venv(manifest_, *interpreter, shop_.store.scratch("venv").value(), VenvFor::building);
    ASSERT_TRUE(building);
    EXPECT_THAT(asked_in(*building, ask, true), ::testing::Not(HasSubstr("aarch64")));
}

}  // namespace
}  // namespace dba
