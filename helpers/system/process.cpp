#include "system/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "system/descriptor.hpp"

namespace dba {
namespace {

bool is_executable_file(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

// argv[0] as execve needs it. A name with a slash is taken relative to the command's directory,
// where the child will be when it is looked up.
Result<std::string> find_program(const Command& command) {
    if (command.argv.empty() || command.argv.front().empty())
        return system_error("(empty command)", "there is no program to run");
    const std::string& name = command.argv.front();
    if (name.find('/') != std::string::npos) return name;
    const auto path = command.environment.find("PATH");
    const std::string search = path == command.environment.end() ? "" : path->second;
    std::size_t start = 0;
    while (!search.empty() && start <= search.size()) {
        const std::size_t end = std::min(search.find(':', start), search.size());
        const std::string directory = search.substr(start, end - start);
        // An empty element means the current directory; running a program found there by chance
        // is never what a build wants.
        std::string candidate = fmt::format("{}/{}", directory, name);
        if (!directory.empty() && is_executable_file(candidate)) return candidate;
        start = end + 1;
    }
    return system_error(name,
                        search.empty() ? "not found: PATH is empty" : "not found in PATH=" + search,
                        "install the package that provides it, or give its full path");
}

// A file that holds `input`, at its start: unlike a pipe it cannot fill up, so there is no
// deadlock and no SIGPIPE when the child does not read it.
Result<Descriptor> standard_input(const std::string& input) {
    if (input.empty()) {
        Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (!null) return errno_error("/dev/null", "cannot be opened");
        return null;
    }
    Descriptor file(::memfd_create("stdin", MFD_CLOEXEC));
    if (!file) return errno_error("standard input", "memfd_create failed");
    std::size_t written = 0;
    while (written < input.size()) {
        const ssize_t n = ::write(file.get(), input.data() + written, input.size() - written);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error("standard input", "cannot be written");
        written += static_cast<std::size_t>(n);
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        return errno_error("standard input", "cannot be rewound");
    return file;
}

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno_error("pipe", "cannot be made");
    // 0, 1 or 2 would be overwritten by the child's own dup2 calls.
    std::array<Descriptor, 2> safe;
    for (std::size_t i = 0; i < 2; ++i) {
        Descriptor low(ends.at(i));
        safe.at(i) =
            low.get() > 2 ? std::move(low) : Descriptor(::fcntl(low.get(), F_DUPFD_CLOEXEC, 3));
        if (!safe.at(i)) return errno_error("pipe", "cannot be duplicated");
    }
    return Pipe{std::move(safe[0]), std::move(safe[1])};
}

// What the child reports when it does not get as far as the new program.
struct StartFailure {
    int number = 0;  // errno
    bool in_directory = false;
    std::array<char, 120> in_setup{};  // what of ChildSetup failed; "" when nothing did
};

struct ChildPlan {
    const char* program;
    char* const* argv;
    char* const* environment;
    const char* directory;
    int in, out, err, report;
    pid_t parent;
    const ChildSetup* setup;
};

// Runs in the child between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const ChildPlan& plan) {
    StartFailure failure;
    // When this process dies, by whatever signal, its child must not go on writing into the work
    // directory. The terminal's own SIGINT reaches the child anyway: same process group.
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != plan.parent) ::_exit(127);  // the parent died before the line above

    ::dup2(plan.in, 0);
    ::dup2(plan.out, 1);
    ::dup2(plan.err, 2);
    if (::syscall(SYS_close_range, 3U, ~0U, 1U << 2U /* CLOSE_RANGE_CLOEXEC */) != 0) {
        for (int fd = 3; fd < 4096; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // Python and many shells' parents leave SIGPIPE ignored, which children would inherit.
    ::signal(SIGPIPE, SIG_DFL);
    ::umask(022);  // what children create must not depend on who builds

    const char* const what = plan.setup == nullptr ? nullptr : plan.setup->enter();
    if (what != nullptr) {
        failure.number = errno;
        std::strncpy(failure.in_setup.data(), what, failure.in_setup.size() - 1);
    } else if (::chdir(plan.directory) != 0) {
        failure = {errno, true};
    } else {
        ::execve(plan.program, plan.argv, plan.environment);
        failure = {errno, false};
    }
    [[maybe_unused]] const ssize_t n = ::write(plan.report, &failure, sizeof failure);
    ::_exit(127);
}

Failure start_error(const Command& command, const std::string& program,
                    const StartFailure& failure) {
    if (failure.in_setup[0] != '\0')
        return system_error(program,
                            fmt::format("cannot be started: {}: {}", failure.in_setup.data(),
                                        errno_text(failure.number)));
    if (failure.in_directory)
        return system_error(
            command.directory.string(),
            "cannot be entered to run " + command.argv.front() + ": " + errno_text(failure.number));
    std::string cause = "cannot be started: " + errno_text(failure.number);
    if (failure.number == ENOENT && ::access(program.c_str(), F_OK) == 0)
        cause = "cannot be started: the interpreter its first line names does not exist";
    return system_error(program, cause);
}

// Moves what is there into `text`. False at end of file.
bool drain(int fd, std::string& text) {
    std::array<char, 65536> buffer;
    while (true) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0) {
            text.append(buffer.data(), static_cast<std::size_t>(n));
        } else if (n == 0) {
            return false;
        } else if (errno != EINTR) {
            return errno == EAGAIN;
        }
    }
}

int status_of(int wait_status) {
    return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

// Collects both streams until the child has ended. Its end, not end of file, is what counts: a
// daemon it left behind may hold the pipes open for ever.
Result<Completed> collect(pid_t child, Descriptor out, Descriptor err) {
    Completed completed;
    ::fcntl(out.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(err.get(), F_SETFL, O_NONBLOCK);
    // Not everywhere allowed (seccomp); without it the child is looked after every 10 ms.
    const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    int wait_status = 0;
    while (true) {
        std::array<pollfd, 3> watched{
            {{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}, {ended.get(), POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), ended ? -1 : 10) < 0 && errno != EINTR) {
            const auto failure = errno_error("poll", "failed");
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            return failure;
        }
        const pid_t reaped = ::waitpid(child, &wait_status, WNOHANG);
        if (out && !drain(out.get(), completed.out)) out.reset();
        if (err && !drain(err.get(), completed.err)) err.reset();
        if (reaped == child) break;
        if (reaped < 0 && errno != EINTR) return errno_error("waitpid", "failed");
    }
    completed.status = status_of(wait_status);
    return completed;
}

}  // namespace

Result<Completed> RealProcessRunner::run(const Command& command) {
    TRY_ASSIGN(const std::string program, find_program(command));
    TRY_ASSIGN(const Descriptor in, standard_input(command.input));
    TRY_ASSIGN(Pipe out, make_pipe());
    TRY_ASSIGN(Pipe err, make_pipe());
    TRY_ASSIGN(Pipe report, make_pipe());

    std::vector<char*> argv;
    argv.reserve(command.argv.size() + 1);
    for (const auto& word : command.argv) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    std::vector<std::string> assignments;
    assignments.reserve(command.environment.size());
    for (const auto& [name, value] : command.environment) {
        std::string assignment(name);
        assignment.append("=").append(value);
        assignments.push_back(std::move(assignment));
    }
    std::vector<char*> environment;
    environment.reserve(assignments.size() + 1);
    for (auto& assignment : assignments) environment.push_back(assignment.data());
    environment.push_back(nullptr);

    const ChildPlan plan{program.c_str(),
                         argv.data(),
                         environment.data(),
                         command.directory.c_str(),
                         in.get(),
                         out.write.get(),
                         command.shows_stderr ? STDERR_FILENO : err.write.get(),
                         report.write.get(),
                         ::getpid(),
                         command.setup};
    const pid_t child = ::fork();
    if (child < 0) return errno_error(program, "cannot be started");
    if (child == 0) become(plan);
    out.write.reset();
    err.write.reset();
    report.write.reset();

    StartFailure failure;
    ssize_t n = 0;
    do {
        n = ::read(report.read.get(), &failure, sizeof failure);
    } while (n < 0 && errno == EINTR);
    if (n == static_cast<ssize_t>(sizeof failure)) {
        ::waitpid(child, nullptr, 0);
        return start_error(command, program, failure);
    }
    return collect(child, std::move(out.read), std::move(err.read));
}

Result<Completed> ProcessRunner::check(const Command& command) {
    TRY_ASSIGN(Completed completed, run(command));
    if (completed.status == 0) return completed;
    std::vector<std::string> shown;
    shown.reserve(command.argv.size());
    for (const auto& word : command.argv) shown.push_back(redact_urls(word));
    std::string cause = completed.status > 128
                            ? fmt::format("ended by signal {} ({})", completed.status - 128,
                                          ::strsignal(completed.status - 128))
                            : fmt::format("exit status {}", completed.status);
    std::string lines = last_lines(redact_urls(completed.err), 12);
    if (lines.empty()) lines = last_lines(redact_urls(completed.out), 12);
    if (!lines.empty()) cause += "; its last lines:\n" + lines;
    return system_error(quote_command(shown), std::move(cause));
}

std::string quote_command(const std::vector<std::string>& argv) {
    static constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    std::string text;
    for (const auto& word : argv) {
        if (!text.empty()) text += ' ';
        if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
            text += word;
            continue;
        }
        text += '\'';
        for (const char c : word) {
            if (c == '\'')
                text += "'\\''";
            else
                text += c;
        }
        text += '\'';
    }
    return text;
}

std::string last_lines(const std::string& text, int count) {
    std::size_t end = text.size();
    while (end > 0 && (text[end - 1] == '\n' || text[end - 1] == '\r')) --end;
    std::size_t start = end;
    for (int lines = 0; start > 0; --start) {
        if (text[start - 1] == '\n' && ++lines == count) break;
    }
    return text.substr(start, end - start);
}

std::string redact_urls(const std::string& text) {
    std::string clean;
    std::size_t done = 0;
    while (true) {
        const std::size_t scheme = text.find("://", done);
        if (scheme == std::string::npos) break;
        const std::size_t authority = scheme + 3;
        const std::size_t end =
            std::min(text.find_first_of("/?# \t\r\n\"'<>`", authority), text.size());
        // The last @: some people leave one in a password unescaped.
        const std::size_t at = text.substr(authority, end - authority).rfind('@');
        clean.append(text, done, authority - done);
        done = authority;
        if (at != std::string::npos) {
            clean += "***";
            done = authority + at;
        }
    }
    return clean.append(text, done, std::string::npos);
}

}  // namespace dba
