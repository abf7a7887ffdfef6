// One package for several suites ("bookworm+trixie"): built inside the root of the lowest one,
// asked about in all of them, and started in a root of each that has its Depends.
#pragma once

#include <string>
#include <vector>

#include "build/in_suite.hpp"
#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

// "bookworm+trixie" as its suites. bad_input for fewer than two, and for one that is named twice.
Result<std::vector<std::string>> suites_of(const std::string& joined);

// As build_in_suite(), for an `options.for_suite` of several. The steps up to `finish` run in the
// lowest suite's root alone.
Result<std::string> build_joined(const SuiteBuild& build, ProcessRunner& processes, Log& log);

// What the runs inside have said on the way to the package, beside `joined` (WORK/joined.json).
std::filesystem::path said_file(const std::filesystem::path& joined);

}  // namespace dba
