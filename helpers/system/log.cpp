#include "system/log.hpp"

#include <algorithm>
#include <cstdio>

#include "formats/text/visible.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

// One write per line, so that lines of packages built in parallel do not mix.
void write_line(const std::string& line) {
    const std::string whole = text::visible_lines(redact_urls(line)) + "\n";
    std::fwrite(whole.data(), 1, whole.size(), stderr);
    std::fflush(stderr);
}

}  // namespace

void StderrLog::step(const std::string& step, const std::string& message) {
    write_line(step + ": " + message);
}

void StderrLog::warning(const std::string& step, const std::string& message) {
    write_line(step + ": warning: " + message);
}

void RecordingLog::step(const std::string& step, const std::string& message) {
    to_.step(step, message);
}

void RecordingLog::warning(const std::string& step, const std::string& message) {
    {
        const std::lock_guard<std::mutex> guard(mutex_);
        warnings_.push_back({step, message});
    }
    to_.warning(step, message);
}

std::size_t RecordingLog::count() const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return warnings_.size();
}

std::vector<RecordingLog::Warning> RecordingLog::since(std::size_t count) const {
    const std::lock_guard<std::mutex> guard(mutex_);
    return {warnings_.begin() + static_cast<std::ptrdiff_t>(std::min(count, warnings_.size())),
            warnings_.end()};
}

}  // namespace dba
