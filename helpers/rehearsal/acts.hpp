// The acts of a package's life on a booted machine, one row each.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "model/rehearsal.hpp"
#include "rehearsal/package.hpp"
#include "system/log.hpp"
#include "system/process/container.hpp"

namespace dba::rehearsal {

// How long an act waits for what is expected, and how long something has to stay so.
struct Patience {
    std::chrono::milliseconds settle{20000};
    std::chrono::milliseconds steady{1000};
    std::chrono::milliseconds watch{3000};
};

// The .debs lie in the machine's rehearsal_flags directory, under their own file names.
struct RehearsalPlan {
    std::vector<RehearsedPackage> older;  // from the oldest on; never empty
    RehearsedPackage fresh;               // what is rehearsed
    RehearsedPackage above;               // the same under a higher version
    std::string cannot_fail;              // why `above` cannot be asked to fail; "" when it can
    std::string root;                     // where the machine's files lie from outside afterwards
    bool keeps = false;                   // they are kept
    Patience patience;
};

// Never an Error for what the package does: that is a failed row, and so is a machine that ended.
std::vector<RehearsalRow> play_acts(const RehearsalPlan& plan, Container& container, Log& log);

}  // namespace dba::rehearsal
