// What the copy of the source has not in full: submodules that were not fetched, links out of the
// repository, Git LFS pointers. Nobody is stopped by them but a package that would hold them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "steps/fetch/fetched_source.hpp"

namespace dba::steps {

// What the wheel took from the project; paths from the project's directory.
struct Taken {
    std::vector<std::string> folders;  // that hold the application's packages ("src/hello/")
    std::vector<std::string> packed;   // files that the wheel holds
    // What need not be there: EXCLUDE, tests. Given a path below one of the folders.
    std::function<bool(const std::string& path)> left_out = {};
    bool whole = false;  // a folder that is packaged as it stands
};

// bad_input that names the first gap that the wheel would hold: one below its packages, or beside
// them in a folder that is there for packages (src/).
Result<void> refuse_gaps(const FetchedSource& source, const Taken& taken);

// Why a build may have failed that could not see all of the source, and what to do; nullopt when it
// had everything.
std::optional<std::string> remedy_of_gaps(const FetchedSource& source);

}  // namespace dba::steps
