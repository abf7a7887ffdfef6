// A package's whole life, played on a machine of its own before anybody installs it: a clean root
// of the suite, booted without a network; `play_acts` (acts.hpp) is what happens there.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "model/rehearsal.hpp"
#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba::rehearsal {

struct RehearseOptions {
    std::filesystem::path deb;                // absolute, as all paths here
    std::vector<std::filesystem::path> from;  // earlier versions; none: one is made from `deb`
    std::vector<std::string> suites;          // none: what the package was made for, else bookworm
    // Lines of sources.list(5) that a suite's root is made from; none = by this machine's mirrors.
    std::function<Result<std::vector<std::string>>(const std::string& suite)> mirrors =
        [](const std::string&) { return std::vector<std::string>(); };
    std::filesystem::path setup;  // a shell script that readies the machine for the package, or ""
    std::filesystem::path work;   // copies of roots, for as long as they are used
    std::filesystem::path cache;  // the roots themselves
    bool keep = false;            // the root of each rehearsal stays, as WORK/kept-PACKAGE-SUITE
    bool judges = true;           // lintian and piuparts, where they are installed
};

// Whether this machine can do it: an Error that names what to install, or how to be root.
// `has` tells whether a program is in PATH.
Result<void> require_rehearsal_tools(const std::filesystem::path& deb, bool is_root,
                                     const std::function<bool(const std::string&)>& has);

// One rehearsal for each suite. bad_input for a file that is no package, or an earlier version of
// another one; what is wrong with a package is a failed row, not an Error.
Result<std::vector<Rehearsal>> rehearse(const RehearseOptions& options, ProcessRunner& processes,
                                        Log& log);

}  // namespace dba::rehearsal
