// Services as the target will know them, and the files of each.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/render/plan.hpp"

namespace dba::steps {

// A service of the manifest with command[0] absolute, and by way of the interpreter where it is a
// script of the environment.
using HostService = ResolvedService;

// A command that is not there in `layers` is bad_input with the nearest one.
Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers);

// The program of the environment called `word`, absolute; bad_input with the nearest one.
Result<std::string> find_venv_program(const std::string& word, const std::string& prefix,
                                      const std::vector<Layer>& layers, const std::string& subject,
                                      const std::string& what);

// All files of all services, and the directories they need at boot.
Result<void> add_service_files(const Manifest& manifest, const std::vector<HostService>& services,
                               HostPlan& plan);

}  // namespace dba::steps
