// Running other programs: argument vectors, an explicit environment and directory, output kept.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

using Environment = std::map<std::string, std::string>;

// What a child does to itself between fork and exec; see namespace.hpp for the one there is.
class ChildSetup {
 public:
    virtual ~ChildSetup() = default;
    // Runs in the child. What could not be done (errno says why), or nullptr; it may put another
    // process into the place of the caller, as a new PID namespace asks for.
    [[nodiscard]] virtual const char* enter() const = 0;
};

// Children run with umask 022, end with this process, and inherit no open file.
struct Command {
    std::vector<std::string> argv;  // argv[0] is searched in environment["PATH"] unless it has a /
    Environment environment;        // the whole environment; nothing is inherited
    std::filesystem::path directory = "/";
    std::string input;  // written to its standard input, then closed
    const ChildSetup* setup = nullptr;
    bool shows_stderr = false;  // its standard error is this process's own, and not kept
};

struct Completed {
    int status = 0;  // exit status; 128 + N when ended by signal N
    std::string out;
    std::string err;
};

class ProcessRunner {
 public:
    virtual ~ProcessRunner() = default;
    // An Error only when the program could not be started; its own failure is in `status`.
    virtual Result<Completed> run(const Command& command) = 0;

    // As run(), but a status other than 0 becomes an Error{system} that quotes the command and
    // its last lines (of stderr, else stdout), with credentials in URLs redacted.
    Result<Completed> check(const Command& command);
};

class RealProcessRunner final : public ProcessRunner {
 public:
    Result<Completed> run(const Command& command) override;
};

// The command as a person could paste it into a shell.
std::string quote_command(const std::vector<std::string>& argv);

// The last `count` lines of `text`, for error messages.
std::string last_lines(const std::string& text, int count);

// Replaces the user information of every URL in `text` ("https://user:token@host" ->
// "https://***@host"): secrets never enter a log, manifest or error. One that consists of
// ${VARIABLE}s is no secret, and stays.
std::string redact_urls(const std::string& text);

// What children get: PATH (the one thing taken from this process), HOME=`scratch`/home (made here),
// TMPDIR=`scratch`, LANG and LC_ALL=C.UTF-8, TZ=UTC, SOURCE_DATE_EPOCH in seconds, and what keeps
// Python from reading the user's site or writing .pyc files.
Environment clean_environment(const std::filesystem::path& scratch, long long source_date_epoch);

// Adds the connection settings of this process's own environment (proxy, CA, netrc, index
// credentials, SSH agent, PIP_*, UV_*), for fetch, lock and sdist builds only. Download caches and
// netrc are those of the user, whose HOME the child does not get.
void pass_connection_settings(Environment& environment);

// A variable of this process's own environment that a requirements file names; "" = not set.
std::string own_variable(const std::string& name);

// DEB_VENV_ANSIBLE_PYTHON of this process's own environment: a Python that has ansible-core, or "".
std::string own_ansible_python();

// The user's own home directory.
std::filesystem::path real_home();

}  // namespace dba
