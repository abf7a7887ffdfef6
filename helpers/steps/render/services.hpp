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

// Makes command[0] absolute; what is not there in `layers` is bad_input with the nearest one.
Result<void> plan_command(const Manifest& manifest, const std::vector<Layer>& layers,
                          const std::string& subject, std::vector<std::string>& command);

// A command that is not there in `layers` is bad_input with the nearest one.
Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers);

// What the package's Python is started with for a script of the environment that names it with -I.
std::string script_flags(const Manifest& manifest);

// The program that looks for ENVIRONMENT_REQUIRED, and its words for a service: none where it has
// nothing to look for.
std::string required_program(const Manifest& manifest);
std::vector<std::string> required_command(const Manifest& manifest, const HostService& service);

// The program of the environment called `word`, absolute; bad_input with the nearest one.
Result<std::string> find_venv_program(const std::string& word, const std::string& prefix,
                                      const std::vector<Layer>& layers, const std::string& subject,
                                      const std::string& what);

// bad_input for a WORKING_DIRECTORY of the environment that is not there.
Result<void> check_working_directory(const Manifest& manifest, const std::vector<Layer>& layers);

// All files of all services, and the directories they need at boot.
Result<void> add_service_files(const Manifest& manifest, const std::vector<HostService>& services,
                               HostPlan& plan);

}  // namespace dba::steps
