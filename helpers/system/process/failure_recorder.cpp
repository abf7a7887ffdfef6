#include "system/process/failure_recorder.hpp"

#include "system/files/files.hpp"

namespace dba {
namespace {

std::string end_of(const std::string& text) {
    constexpr std::size_t kept = 200'000;
    return text.size() <= kept ? text : text.substr(text.size() - kept);
}

}  // namespace

Result<Completed> FailureRecorder::run(const Command& command) {
    auto done = runner_.run(command);
    if (!done && done.error().cause.starts_with("not found"))
        TRY(write_file(file_, command.argv.front() + ": command not found\n"));
    if (done && done->status != 0)
        TRY(write_file(file_, end_of(done->out) + "\n" + end_of(done->err)));
    return done;
}

}  // namespace dba
