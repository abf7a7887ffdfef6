// Whether what a host starts of the package can start: proven in a namespace in which the package
// lies where it will lie, as a user without rights, with the environment and the directory that the
// runner gives.
#pragma once

#include <filesystem>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "model/verify_report.hpp"
#include "system/debian/dpkg.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct StartsInputs {
    const std::vector<Layer>& layers;     // the stack, host layer last
    const std::filesystem::path& debian;  // DEBIAN/
    const DpkgDatabase& packages;         // of the target
};

// What is missing is a finding of check "start"; what only a host has (a database, a configuration)
// is a warning. Done once for the same layers and commands, the report kept. Where no namespace can
// be made it is a warning that nothing was proven.
Result<void> check_starts(const Manifest& manifest, const StartsInputs& inputs, System& system,
                          VerifyReport& verified);

}  // namespace dba::steps
