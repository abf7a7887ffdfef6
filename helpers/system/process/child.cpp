#include "system/process/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
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
#include <vector>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_executable_file(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
           ::access(path.c_str(), X_OK) == 0;
}

// argv[0] as execve needs it. A name with a slash is taken relative to the command's directory,
// where the child will be when it is looked up.
Result<std::string> find_in_path(const Command& command) {
    if (command.argv.empty() || command.argv.front().empty())
        return system_error("(empty command)", "there is no program to run");
    const std::string& name = command.argv.front();
    if (name.find('/') != std::string::npos) return name;
    const auto path = command.environment.find("PATH");
    const std::string search = path == command.environment.end() ? "" : path->second;
    for (const std::string& directory : text::search_path(search))
        if (std::string candidate = fmt::format("{}/{}", directory, name);
            is_executable_file(candidate))
            return candidate;
    return system_error(name,
                        search.empty() ? "not found: PATH is empty" : "not found in PATH=" + search,
                        "install the package that provides it, or give its full path");
}

// What the child reports when it does not get as far as the new program.
struct StartFailure {
    int number = 0;  // errno
    bool in_directory = false;
    std::array<char, 120> in_setup{};  // the part of ChildSetup that failed; "" for none
};

struct ChildPlan {
    const char* program;
    char* const* argv;
    char* const* environment;
    const char* directory;
    ChildStreams streams;
    int report;
    pid_t parent;
    const ChildSetup* setup;
};

// Runs in the child between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const ChildPlan& plan) {
    StartFailure failure;
    // When this process dies, by whatever signal, its child must not go on writing into the work
    // directory. The terminal's own SIGINT reaches the child anyway: same process group.
    ::prctl(PR_SET_PDEATHSIG, plan.streams.death_signal);
    if (::getppid() != plan.parent) ::_exit(127);  // the parent died before the line above

    ::dup2(plan.streams.in, 0);
    ::dup2(plan.streams.out, 1);
    ::dup2(plan.streams.err, 2);
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

}  // namespace

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

Result<pid_t> start_child(const Command& command, const ChildStreams& streams) {
    TRY_ASSIGN(const std::string program, find_in_path(command));
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

    const ChildPlan plan{
        program.c_str(), argv.data(),        environment.data(), command.directory.c_str(),
        streams,         report.write.get(), ::getpid(),         command.setup};
    const pid_t child = ::fork();
    if (child < 0) return errno_error(program, "cannot be started");
    if (child == 0) become(plan);
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
    return child;
}

}  // namespace dba
