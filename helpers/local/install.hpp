// What `install FILE.deb` does: a finished package, installed on this very machine by apt.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "rehearsal/package.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

struct ServiceState {
    std::string service;      // as declared
    std::string unit;         // systemd's unit, or supervisord's program
    std::string state;        // "active", "RUNNING", or why nobody can tell
    std::string healthcheck;  // URL or ""
    bool runs = false;
};

struct Installed {
    std::string package, version;
    std::string before;  // the version that was installed; "" = none
    std::vector<ServiceState> services;
};

// The one of these packages that is for this machine, by suite and architecture: an error that says
// what each is for when there is none, or several.
Result<rehearsal::RehearsedPackage> package_for_this_machine(
    const std::vector<std::filesystem::path>& debs, const std::string& suite,
    const std::string& architecture);

// By apt-get, through sudo when not root; what is not described (other tools' packages) has no
// services here.
Result<Installed> install_here(const rehearsal::RehearsedPackage& package, ProcessRunner& processes,
                               Log& log);

// A line a service, and how to undo it.
std::string installed_text(const Installed& installed);

}  // namespace dba
