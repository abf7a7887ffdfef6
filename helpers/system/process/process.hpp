// Running other programs: argument vectors, an explicit environment and directory, output kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/process/environment.hpp"

namespace dba {

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
// "https://***@host"), and in its query and fragment the values of parameters such as token, sig
// and X-Amz-Signature: secrets never enter a log, manifest or error. What consists of ${VARIABLE}s
// is no secret, and stays.
std::string redact_urls(const std::string& text);

}  // namespace dba
