#include "system/process/failure_recorder.hpp"

#include "support/temporary.hpp"

namespace dba {
namespace {

using Recorder = Temporary;

TEST_F(Recorder, KeepsWhatTheLastCommandThatFailedHasSaid) {
    RealProcessRunner processes;
    FailureRecorder recorder(processes, root() / "failure");
    const auto run = [&](std::vector<std::string> argv) {
        return recorder.run({std::move(argv), {{"PATH", "/usr/bin:/bin"}}});
    };
    ASSERT_TRUE(run({"sh", "-c", "echo fine"}));
    EXPECT_FALSE(path_exists(root() / "failure"));
    ASSERT_TRUE(run({"sh", "-c", "echo out; echo err >&2; exit 3"}));
    EXPECT_EQ(*read_file(root() / "failure"), "out\n\nerr\n");
    ASSERT_TRUE(run({"sh", "-c", "echo fine"}));
    EXPECT_EQ(*read_file(root() / "failure"), "out\n\nerr\n");
    EXPECT_FALSE(run({"no-such-program"}));
    EXPECT_EQ(*read_file(root() / "failure"), "no-such-program: command not found\n");
}

}  // namespace
}  // namespace dba
