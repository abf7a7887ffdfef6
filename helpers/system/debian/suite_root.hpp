// Clean minimal roots of Debian suites to boot a copy of; kept as kept_root.hpp says.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/debian/kept_root.hpp"
#include "system/log.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba {

struct SuiteRoot {
    std::string suite;
    std::filesystem::path root;      // minbase, systemd and dbus; never booted, never changed
    std::filesystem::path archives;  // .debs that were downloaded for its copies
    long long age = 0;               // in seconds
    bool made = false;               // in this run
    Descriptor lock;                 // shared: nobody makes it anew as long as this lives
};

// The kept root of `suite` below `cache`, made when there is none (`open_root`), from `mirrors`, or
// without any from this machine's.
Result<SuiteRoot> open_suite_root(const std::string& suite, const std::vector<std::string>& mirrors,
                                  const std::filesystem::path& cache,
                                  const Environment& environment, ProcessRunner& processes,
                                  Log& log);

// A copy to boot and to change, without downloaded packages; reflinks where the file system has
// them. It resolves names as this machine does, syncs nothing to disk, and keeps its journal.
Result<void> copy_suite_root(const SuiteRoot& suite, const std::filesystem::path& destination,
                             const Environment& environment, ProcessRunner& processes);

// Copies complete .debs from one directory of them to another; apt judges them by their hashes.
Result<void> bring_archives(const std::filesystem::path& from, const std::filesystem::path& to);

// Has apt in `root`, a copy, download what these relations (Policy 7.1) bring along, by way of the
// kept archives. Error{bad_input}: apt cannot have them in this suite.
Result<void> download_depends(const SuiteRoot& suite, const std::filesystem::path& root,
                              const std::string& relations, const Environment& environment,
                              ProcessRunner& processes, Log& log);

}  // namespace dba
