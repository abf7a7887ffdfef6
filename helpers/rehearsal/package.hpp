// What a rehearsal has to know of a package, from its bytes alone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/package_description.hpp"
#include "model/result.hpp"

namespace dba::rehearsal {

struct RehearsedPackage {
    std::filesystem::path deb;
    std::string package, version, architecture;
    std::string depends;  // Pre-Depends and Depends as one relation field
    // package.json's, when it has one; then its services are all there are, and all are to run.
    // Otherwise services are the units that it ships, and the installation shows which of them run.
    bool described = false;
    PackageDescription description;
    std::vector<std::string> conffiles;  // without those that are to be removed on upgrade
    std::vector<std::string> files;      // files and links that it ships, on the target
};

// bad_input for what is no .deb, or is described by another format of package.json.
Result<RehearsedPackage> read_rehearsed(const std::filesystem::path& deb);

// The systemd services behind a service: one for each of its instances.
std::vector<std::string> units_of(const DescribedService& service);

}  // namespace dba::rehearsal
