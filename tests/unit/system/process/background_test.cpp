#include "system/process/background.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "support/temporary.hpp"
#include "system/files/file_lock.hpp"

namespace dba {
namespace {

class InBackground : public Temporary {
 protected:
    Command shell(const std::string& script) {
        return {{"sh", "-c", script}, {{"PATH", "/usr/bin:/bin"}}, root(), ""};
    }
};

TEST_F(InBackground, RunsBesideUsAndWritesItsLog) {
    const auto started = Background::start(shell("echo out; echo err >&2"), root() / "log");
    ASSERT_TRUE(started) << started.error().cause;
    EXPECT_TRUE((*started)->wait(30));
    EXPECT_FALSE((*started)->is_running());
    EXPECT_EQ(read_file(root() / "log").value_or(""), "out\nerr\n");
}

TEST_F(InBackground, EndsWithItsOwner) {
    pid_t pid = 0;
    {
        const auto started = Background::start(shell("exec sleep 600"), root() / "log");
        ASSERT_TRUE(started) << started.error().cause;
        pid = (*started)->pid();
        EXPECT_TRUE((*started)->is_running());
        EXPECT_FALSE((*started)->wait(0));
    }
    EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(InBackground, EndsWithAProcessThatIsKilled) {
    // A process of its own starts one, tells its number, and is killed.
    const fs::path note = root() / "pid";
    const pid_t owner = ::fork();
    if (owner == 0) {
        const auto started = Background::start(shell("exec sleep 600"), root() / "log");
        if (started) (void)write_file(note, std::to_string((*started)->pid()));
        ::pause();
        ::_exit(1);
    }
    while (!fs::exists(note)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const pid_t pid = std::stoi(*read_file(note));
    EXPECT_EQ(::kill(pid, 0), 0);
    ::kill(owner, SIGKILL);
    ::waitpid(owner, nullptr, 0);
    // Whoever adopts it may not reap it at once: a zombie has no command line.
    const fs::path cmdline = fs::path("/proc") / std::to_string(pid) / "cmdline";
    for (int i = 0; i < 1000 && !read_file(cmdline).value_or("").empty(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(read_file(cmdline).value_or(""), "");
}

TEST_F(InBackground, AMissingProgramIsAnError) {
    const auto started =
        Background::start({{"no-such-program"}, {{"PATH", "/nowhere"}}, "/", ""}, root() / "log");
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().subject, "no-such-program");
}

TEST_F(InBackground, ALockIsGivenBackByItsDescriptor) {
    const fs::path file = root() / "lock";
    {
        const auto first = lock_file(file, FileLock::shared, [] {});
        const auto second = lock_file(file, FileLock::shared, [] {});
        ASSERT_TRUE(first && second);
        const auto third = try_lock_file(file);
        ASSERT_TRUE(third);
        EXPECT_FALSE(*third) << "others read it";
    }
    const auto alone = try_lock_file(file);
    ASSERT_TRUE(alone);
    EXPECT_TRUE(*alone);
    bool waited = false;
    std::thread other([&] {
        const auto lock = lock_file(file, FileLock::exclusive, [&] { waited = true; });
        EXPECT_TRUE(lock);
    });
    while (!waited) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const_cast<Descriptor&>(*alone).reset();
    other.join();
}

}  // namespace
}  // namespace dba
