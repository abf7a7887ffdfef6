#include "system/process/undo.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "support/temporary.hpp"
#include "system/process/child.hpp"

namespace dba {
namespace {

class UndoTest : public Temporary {
 protected:
    // Succeeds the second time.
    [[nodiscard]] Undo::Action action() const {
        return [one = root() / "one", two = root() / "two"] {
            const bool is_second = file_exists(one);
            (void)write_file(is_second ? two : one, "");
            return is_second;
        };
    }
    // How a process ends that has begun, and then does this.
    template <class Then>
    [[nodiscard]] int status_after(Then then) const {
        const pid_t child = ::fork();
        if (child == 0) {
            auto undo = Undo::begin(action());
            if (!undo) ::_exit(1);
            then(**undo);
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status;
    }
    [[nodiscard]] bool is_undone() const {
        for (int i = 0; i < 100 && !file_exists(root() / "two"); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return file_exists(root() / "two");
    }
};

TEST_F(UndoTest, ByTheWatcherWhenTheProcessEndsWithoutIt) {
    EXPECT_EQ(status_after([](Undo&) {}), 0);
    EXPECT_TRUE(is_undone());
}

TEST_F(UndoTest, FirstByTheProcessThatGetsASignal) {
    const int status = status_after([&](Undo&) {
        ::kill(::getpid(), SIGTERM);
        for (;;) ::pause();
    });
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGTERM);
    EXPECT_TRUE(file_exists(root() / "one"));
    EXPECT_TRUE(is_undone());
}

TEST_F(UndoTest, NotWhenItIsDone) {
    EXPECT_EQ(status_after([](Undo& undo) { undo.done(); }), 0);
    EXPECT_FALSE(file_exists(root() / "one"));
}

}  // namespace
}  // namespace dba
