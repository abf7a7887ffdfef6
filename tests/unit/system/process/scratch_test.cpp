#include "system/process/scratch.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "system/files/files.hpp"
#include "system/process/child.hpp"

namespace dba {
namespace {

TEST(ScratchDirectory, GoesWithItsOwner) {
    fs::path path;
    {
        const auto scratch = ScratchDirectory::make();
        ASSERT_TRUE(scratch) << scratch.error().cause;
        path = (*scratch)->path();
        ASSERT_TRUE(make_directories(path / "a/b"));
        EXPECT_NE(path.string().find(scratch_marker), std::string::npos);
    }
    EXPECT_FALSE(entry_exists(path));
}

// What is left of a directory whose owner got the signal.
bool is_left_after(int number) {
    auto pipe = make_pipe();
    EXPECT_TRUE(pipe);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto scratch = ScratchDirectory::make();
        if (!scratch || !make_directories((*scratch)->path() / "a/b")) ::_exit(1);
        const std::string path = (*scratch)->path().string() + "\n";
        if (::write(pipe->write.get(), path.data(), path.size()) < 0) ::_exit(1);
        for (;;) ::pause();
    }
    pipe->write.reset();
    std::string path;
    for (char c = 0; ::read(pipe->read.get(), &c, 1) == 1 && c != '\n';) path += c;
    EXPECT_TRUE(directory_exists(path));
    ::kill(child, number);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), number);
    if (number != SIGKILL) return entry_exists(path);
    for (int i = 0; i < 100 && entry_exists(path); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return entry_exists(path);
}

TEST(ScratchDirectory, GoesWithSignals) {
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGKILL})
        EXPECT_FALSE(is_left_after(number)) << number;
}

}  // namespace
}  // namespace dba
