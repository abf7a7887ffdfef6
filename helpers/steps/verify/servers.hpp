// What the usual servers, workers and task runners load, told by their command lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "steps/verify/wanted.hpp"

namespace dba::steps {

// Of a program ("gunicorn") or a module run by python -m ("uvicorn"), by its arguments alone;
// nullopt for one that no row of the table is about.
std::optional<std::vector<WantedAtStart>> wanted_by_server(
    const std::string& name, const std::vector<std::string>& arguments,
    const Surroundings& surroundings);

}  // namespace dba::steps
