// A root's own apt, with each of the solvers that it has.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

// "" for apt's only one, of before 3.0; else the names that -o APT::Solver= takes.
std::vector<std::string> solvers_of(const std::string& apt_version);

// bad_input, with the solver's words, when one of them cannot install `relations` in the root at
// `tree`, which is started in namespaces and not changed. Without namespaces it is a warning.
// `scratch` is an existing directory.
Result<void> require_solvable(const std::vector<std::string>& relations,
                              const std::filesystem::path& tree, const std::string& suite,
                              const std::filesystem::path& scratch, ProcessRunner& processes,
                              Log& log);

}  // namespace dba
