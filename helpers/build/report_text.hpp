// The report for people.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace dba {

// Takes what make_report() made.
std::string report_text(const nlohmann::json& report);

}  // namespace dba
