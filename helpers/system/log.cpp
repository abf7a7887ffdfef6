#include "system/log.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "system/files/files.hpp"
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

OnceLog::OnceLog(Log& log, std::filesystem::path file) : log_(log), file_(std::move(file)) {
    if (file_.empty()) return;
    const std::string text = read_file(file_).value_or("");
    for (const std::string_view line : text::split(text, '\0'))
        if (!line.empty()) said_.emplace(line);
}

void OnceLog::step(const std::string& step, const std::string& message) {
    if (is_new("step " + step + ": " + message)) log_.step(step, message);
}

void OnceLog::warning(const std::string& step, const std::string& message) {
    if (is_new("warning " + step + ": " + message)) log_.warning(step, message);
}

// What this process itself says twice, it means twice.
bool OnceLog::is_new(std::string line) {
    if (file_.empty()) return true;
    if (said_.contains(line)) return false;
    line += '\0';
    std::ofstream(file_, std::ios::binary | std::ios::app) << line;
    return true;
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
