// One line of sources.list(5): where a suite's packages come from.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// As bad_input of `subject`, what keeps a root from being made by it: another format, a password in
// its URL, a directory of this machine.
Result<void> check_source_line(const std::string& line, const std::string& subject);

// The files that `signed-by` names, absolute.
std::vector<std::string> keyrings_of(const std::string& line);

}  // namespace dba
