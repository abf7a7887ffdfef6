// What Debian's judges of packages say, taken apart: lintian(1) and piuparts(1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

// Lintian's tags, each "TAG CONTEXT" ("dir-or-file-in-opt [opt/x/]"), by the letter in front.
struct LintianReport {
    std::vector<std::string> errors;    // E
    std::vector<std::string> warnings;  // W
    std::vector<std::string> hints;     // I, P, X and C: shown when asked for
    std::size_t overridden = 0;         // O: the package says why; M, by a screen of lintian's own
};

// Lines "E: PACKAGE: TAG CONTEXT"; comments (N) and what is no tag are skipped.
LintianReport parse_lintian(std::string_view out);

// Each name of a tag once, in the order of their first appearance.
std::vector<std::string> tag_names(const std::vector<std::string>& tags);

// The entries of piuparts' log that say how it went; a report of several lines is one of them.
struct PiupartsReport {
    struct Passed {
        std::string test;    // "Installation and purging test."
        double seconds = 0;  // since its start
    };
    bool started = false;
    std::vector<Passed> passed;
    std::vector<std::string> errors;  // "FAIL: Package purging left files on system:\n  /etc/x ..."
    std::vector<std::string> warnings;  // "Broken symlinks:\n  ..."
    bool knew_older = true;             // false: it found no older version to upgrade from
};

// `log` is what it writes to its standard output: "0m27.0s LEVEL: TEXT", further lines of an entry
// as they come.
PiupartsReport parse_piuparts(std::string_view log);

// What an error of the report says is wrong, a line each: "Package purging left files on system:
// /etc/x", "apt-get -y install ./tmp/x.deb failed (status 100)".
std::vector<std::string> faults(const std::string& error);

}  // namespace dba
