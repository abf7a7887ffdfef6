// What `doctor` says.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "doctor/check.hpp"

namespace dba {

// An area is "machine", or "package NAME".
using Areas = std::vector<std::pair<std::string, Checks>>;

// Faults among all checks.
std::size_t count_faults(const Areas& areas);
// A line a check, the remedy below it; the last line counts.
std::string doctor_text(const Areas& areas);
nlohmann::json doctor_json(const Areas& areas);

}  // namespace dba
