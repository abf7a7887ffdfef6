#include "system/process/background.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "system/process/child.hpp"

namespace dba {

Result<std::unique_ptr<Background>> Background::start(const Command& command,
                                                      const std::filesystem::path& log) {
    TRY_ASSIGN(const Descriptor in, standard_input(command.input));
    const Descriptor out(::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!out) return errno_error(log.string(), "cannot be written");
    TRY_ASSIGN(const pid_t pid, start_child(command, {in.get(), out.get(), out.get(), SIGKILL}));
    return std::unique_ptr<Background>(new Background(pid));
}

bool Background::is_running() {
    if (!ended_) ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    return !ended_;
}

bool Background::wait(int seconds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (is_running()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

void Background::kill() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ended_ = true;
}

}  // namespace dba
