#include "system/process/undo.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <thread>
#include <utility>

#include "system/process/child.hpp"

namespace dba {
namespace {

constexpr std::array<int, 3> ending_signals = {SIGINT, SIGTERM, SIGHUP};

// Those that would end this process: one that whoever started it has it ignore stays ignored.
sigset_t signals_that_end() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : ending_signals) {
        struct sigaction action {};
        if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_DFL)
            sigaddset(&set, number);
    }
    return set;
}

// The watcher: of a session of its own, so that what ends the terminal's foreground leaves it. A
// byte says that nothing is left to do; the end of the pipe, that its parent died.
[[noreturn]] void watch(int alive, const Undo::Action& action) {
    ::setsid();
    if (::dup2(alive, 0) != 0) ::_exit(1);
    ::syscall(SYS_close_range, 1U, ~0U, 0U);
    ::prctl(PR_SET_NAME, "scratch-watcher");
    if (::chdir("/") != 0) ::_exit(1);
    char byte = 0;
    ssize_t n = 0;
    do {
        n = ::read(0, &byte, 1);
    } while (n < 0 && errno == EINTR);
    if (n != 0) ::_exit(0);
    // Children of the dead parent die with it, and may still be about it: a whole machine takes a
    // while.
    constexpr int attempts = 200;
    for (int i = 0; i < attempts && !action(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::_exit(0);
}

}  // namespace

struct Undo::Signals {
    sigset_t taken{}, before{};
    Descriptor signals, stop;
    std::thread waiter;

    explicit Signals(const Action& action) : taken(signals_that_end()) {
        ::pthread_sigmask(SIG_BLOCK, &taken, &before);
        signals = Descriptor(::signalfd(-1, &taken, SFD_CLOEXEC));
        stop = Descriptor(::eventfd(0, EFD_CLOEXEC));
        waiter = std::thread([this, action] { wait(action); });
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals() {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(stop.get(), &one, sizeof one);
        waiter.join();
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    void wait(const Action& action) const {
        std::array<pollfd, 2> either = {pollfd{signals.get(), POLLIN, 0},
                                        pollfd{stop.get(), POLLIN, 0}};
        while (::poll(either.data(), either.size(), -1) < 0 && errno == EINTR) {
        }
        signalfd_siginfo info{};
        if ((either[0].revents & POLLIN) == 0 ||
            ::read(signals.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info))
            return;
        // What the other threads still do, the watcher undoes.
        (void)action();
        const int number = static_cast<int>(info.ssi_signo);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, number);
        ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
        ::raise(number);
    }
};

Undo::Undo() = default;

Result<std::unique_ptr<Undo>> Undo::begin(const Action& action) {
    TRY_ASSIGN(Pipe pipe, make_pipe());
    std::unique_ptr<Undo> made(new Undo());
    made->alive_ = std::move(pipe.write);
    // Without a watcher all other ways out are still clean.
    made->watcher_ = ::fork();
    if (made->watcher_ == 0) {
        made->alive_.reset();
        watch(pipe.read.get(), action);
    }
    made->signals_ = std::make_unique<Signals>(action);
    return made;
}

void Undo::done() {
    end(true);
}

void Undo::end(bool is_done) {
    signals_.reset();
    const bool told = is_done && alive_ && ::write(alive_.get(), "x", 1) == 1;
    alive_.reset();
    if (watcher_ > 0 && told)
        while (::waitpid(watcher_, nullptr, 0) < 0 && errno == EINTR) {
        }
    watcher_ = -1;
}

Undo::~Undo() {
    end(false);
}

}  // namespace dba
