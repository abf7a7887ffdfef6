// How a rehearsal asks and tells what runs a service. Another runner is a file like systemd.cpp and
// a row in runner.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rehearsal/package.hpp"
#include "system/process/container.hpp"

namespace dba::rehearsal {

struct ServiceSeen {
    // running: up, all instances; coming: on its way; stopped: and nothing tries to start it;
    // failed: given up; absent: nobody knows it
    enum State { running, coming, stopped, failed, absent } state = absent;
    bool enabled = false;    // starts at boot
    std::vector<int> mains;  // the main processes, one an instance, as numbered inside
    bool is_lasting = true;  // false: Type=oneshot, which does its work and ends
    std::string words;       // what its runner says, for people
};

using ServicesSeen = std::map<std::string, ServiceSeen>;  // by program or unit
using ProcessesByNumber = std::map<int, const SeenProcess*>;

struct RunnerWays {
    const char* word;  // package.json's

    // What is to be seen of these services, all of which it runs.
    Result<ServicesSeen> (*look)(Container& container,
                                 const std::vector<DescribedService>& services);
    // Whether a process is the service's.
    bool (*has_process)(const DescribedService& service, const ServiceSeen& seen,
                        const SeenProcess& process, const ProcessesByNumber& by_number);
    // The command by which an administrator says "start" or "stop".
    std::vector<std::string> (*command)(const DescribedService& service, const std::string& verb);
    // The command that shows the last lines of the service's log, and the one that shows all of it
    // from outside.
    std::vector<std::string> (*log_command)(const RehearsedPackage& package,
                                            const DescribedService& service);
    std::string (*look_command)(const std::string& root, const RehearsedPackage& package,
                                const DescribedService& service);
};

const RunnerWays& runner_of(const DescribedService& service);

// Of all services of the package.
Result<ServicesSeen> look_at_services(Container& container, const RehearsedPackage& package);

}  // namespace dba::rehearsal
