#include "system/log.hpp"

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

}  // namespace dba
