// Words for other programs' eyes: templates filled in, and values quoted as sh, systemd and their
// common environment-file form want them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dba::steps {

// One word of POSIX sh: bare when that is safe, else in single quotes.
std::string shell_quote(std::string_view word);
std::string shell_words(const std::vector<std::string>& words);

// One word of a systemd command line (systemd.service(5), "Command lines"): specifiers and
// variables are kept literally, everything else arrives as it is.
std::string systemd_quote(std::string_view word);
// The first word of one, in which systemd expands specifiers but no variables.
std::string systemd_quote_program(std::string_view path);
std::string systemd_words(const std::vector<std::string>& words);
// A value behind "Description=" or a path: specifiers doubled, newlines made spaces.
std::string systemd_value(std::string_view text);

// KEY="value"\n with " \ $ ` escaped: sh's `.` and systemd's EnvironmentFile= read back the same
// bytes, newlines included.
std::string environment_line(std::string_view key, std::string_view value);
// The same of each "NAME=value".
std::string environment_lines(const std::vector<std::string>& settings);

// Text wrapped at `width` columns between blanks; lines that start with a blank are kept as they
// are, empty lines separate paragraphs.
std::vector<std::string> wrap_paragraphs(std::string_view text, std::size_t width);

}  // namespace dba::steps
