// What can be seen of a package on a booted machine: its services, processes and files.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rehearsal/package.hpp"
#include "rehearsal/runner.hpp"
#include "system/process/container.hpp"

namespace dba::rehearsal {

struct PackageSeen {
    std::string status, version;  // dpkg's: "installed"; "not-installed" and ""
    ServicesSeen services;
    std::map<std::string, std::vector<SeenProcess>> processes;  // of each service
    std::vector<SeenProcess> strays;                            // the package's, but no service's
};

// `own_user`: every process of the package's user is the package's; not for one that others use.
Result<PackageSeen> look_at(Container& container, const RehearsedPackage& package, bool own_user);

// Whether the health check answers; asked from inside with the package's own Python, as postinst
// does. `words` is what was answered instead.
Result<bool> is_healthy(Container& container, const RehearsedPackage& package,
                        const DescribedService& service, std::string& words);

// Whether a unit of this name is one of the package's files.
bool ships_unit(const RehearsedPackage& package, const std::string& unit);

// Units that have failed, by systemd.
Result<std::set<std::string>> failed_units(Container& container);

// User name -> number, of the root's passwd.
std::map<std::string, unsigned> users_of(const std::filesystem::path& root);

// The last lines of what a service has logged.
std::string log_of(Container& container, const RehearsedPackage& package,
                   const DescribedService& service);

std::string to_text(const SeenProcess& process);

}  // namespace dba::rehearsal
