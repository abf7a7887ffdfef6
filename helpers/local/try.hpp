// What `try FILE.deb` does: a package's services, run at once on this machine without installing
// anything and without root. The package's files lie where they will lie, its configuration, state,
// logs and /run are throwaway copies, and the network is this machine's.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct TryOptions {
    std::filesystem::path deb;
    std::filesystem::path root = "/";  // the Debian system that has the package's Depends
    std::filesystem::path overlay;     // laid over /etc/NAME: conf.d/*.env, credentials; "" = none
    std::vector<std::string> environment;  // K=V, over what the package declares
    std::map<std::string, std::string>
        ports;                          // other ports than those in commands and configuration
    std::vector<std::string> services;  // those alone; empty = all
    bool migrates = true;               // MIGRATE is run first
    long long seconds = 0;              // then it ends; 0 = by a signal
};

// Runs until a signal, until all services have ended, or for so many seconds; what services print
// goes to stdout, with their names before it. An Error (failed_check) when one has ended by itself,
// or MIGRATE failed.
Result<void> try_package(const TryOptions& options);

}  // namespace dba
