// What a package's services are started with, from the units and confs that it ships.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/package_description.hpp"
#include "model/result.hpp"
#include "system/process/environment.hpp"

namespace dba {

struct Started {
    std::string name;                      // "web", or "web@2"
    std::vector<std::string> command;      // with the environment's files read before it
    std::string directory;                 // its working directory, on the target
    Environment environment;               // besides those files
    std::vector<std::string> credentials;  // names that the unit asks for
    std::string healthcheck;               // URL or ""
    bool by_timer = false;                 // a timer starts it
    bool ends = false;                     // as it should (Type=oneshot)
};

// In the order of the description; bad_input for a service whose unit or conf is not in `tree`.
Result<std::vector<Started>> services_in(const std::filesystem::path& tree,
                                         const PackageDescription& description);

// The commands of MIGRATE as one, to be run before; empty where there are none.
Result<std::vector<std::string>> migration_in(const std::filesystem::path& tree,
                                              const PackageDescription& description);

}  // namespace dba
