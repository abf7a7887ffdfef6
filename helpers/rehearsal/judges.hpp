// What others say of a package that is rehearsed: Debian's own judges, where they are installed.
// lintian looks into the package, piuparts installs, upgrades and purges it in a chroot.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/rehearsal.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba::rehearsal {

struct JudgeInputs {
    std::filesystem::path deb;                 // absolute
    std::vector<std::filesystem::path> older;  // absolute; one judgement of an upgrade for each
    std::string suite;                         // "bookworm"
    std::filesystem::path root;  // a minimal system of it, with apt's lists; only read
    std::filesystem::path
        archives;  // .debs that need not be downloaded again; only read; "" for none
    std::filesystem::path
        scratch;              // an empty directory, on a file system with room for three roots
    Environment environment;  // of the children: PATH, connection settings
};

// One row for each judgement, in the order of their making. A package that is judged bad is a
// failed row, a judge that is not installed one that is left out; an Error means that a judgement
// could not be prepared. Runs as root.
Result<std::vector<RehearsalRow>> judge(const JudgeInputs& inputs, ProcessRunner& processes,
                                        Log& log);

}  // namespace dba::rehearsal
