// Clean minimal roots of Debian suites, made by mmdebstrap once and kept for later runs.
#pragma once

#include <filesystem>
#include <string>

#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba {

// Below the cache directory: SUITE/root, SUITE/archives, SUITE/made.json, and SUITE.lock.
struct SuiteRoot {
    std::string suite;
    std::filesystem::path root;      // minbase, systemd and dbus; never booted, never changed
    std::filesystem::path archives;  // .debs that were downloaded for its copies
    long long age = 0;               // in seconds
    bool made = false;               // in this run
    Descriptor lock;                 // shared: nobody makes it anew as long as this lives
};

// The kept root of `suite` below `cache`, made when there is none: under another name and renamed
// when it is whole, by one process at a time. bad_input for what cannot be a suite's name.
Result<SuiteRoot> open_suite_root(const std::string& suite, const std::filesystem::path& cache,
                                  const Environment& environment, ProcessRunner& processes,
                                  Log& log);

// A copy to boot and to change, without downloaded packages; reflinks where the file system has
// them. It resolves names as this machine does, syncs nothing to disk, and keeps its journal.
Result<void> copy_suite_root(const SuiteRoot& suite, const std::filesystem::path& destination,
                             const Environment& environment, ProcessRunner& processes);

// Has apt in `root`, a copy, download what these relations (Policy 7.1) bring along, by way of the
// kept archives. Error{bad_input}: apt cannot have them in this suite.
Result<void> download_depends(const SuiteRoot& suite, const std::filesystem::path& root,
                              const std::string& relations, const Environment& environment,
                              ProcessRunner& processes, Log& log);

// "3 days", for people.
std::string age_text(long long seconds);

}  // namespace dba
