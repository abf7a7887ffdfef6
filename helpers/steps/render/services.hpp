// Services as the target will know them: names, commands, environments; units and program confs.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/render/credentials.hpp"
#include "steps/render/plan.hpp"
#include "system/log.hpp"

namespace dba::steps {

struct HostService {
    std::string name;
    std::string formerly;  // "" or its name in an earlier version
    std::string runner;    // "supervisord" or "systemd"
    std::string program;   // "hello-web", or the unit to enable: "hello-web.service", ".target"
    int instances = 1;
    int priority = 900;  // supervisord's: it starts the lower first; its default is 999
    std::string type;    // systemd's Type=
    std::vector<std::string> command;  // command[0] absolute
    std::string environment;           // the environment file's text
    std::string stop_signal;           // "TERM"
    std::string reload_signal;         // "HUP" or ""
    std::string pidfile;               // absolute or ""
    std::string healthcheck, watchdog, hardening;
    std::vector<Credential> credentials;
};

// Checks the declared services against the environment in `layers` (a command that is not there
// is bad_input with the nearest one) and fills in every name.
Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers, Log& log);

// What a unit is called. Unit names take letters, digits and ":-_.\" (systemd.unit(5)); package
// names have '+' besides.
std::string unit_stem(const std::string& package, const std::string& service);

// The program of the environment called `word`, absolute; bad_input with the nearest one.
Result<std::string> find_venv_program(const std::string& word, const std::string& prefix,
                                      const std::vector<Layer>& layers, const std::string& subject,
                                      const std::string& what);

std::string supervisor_conf(const Manifest& manifest, const HostService& service);
std::string wrapper_script(const Manifest& manifest, const HostService& service);
std::string systemd_unit(const Manifest& manifest, const HostService& service);
std::string instances_target(const Manifest& manifest, const HostService& service);

// All files of all services, and the directories they need at boot.
Result<void> add_service_files(const Manifest& manifest, const std::vector<HostService>& services,
                               HostPlan& plan);

}  // namespace dba::steps
