// Whether hosts of a suite can install the package's Depends.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/findings.hpp"
#include "model/joined_suites.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct InstallableInputs {
    const std::filesystem::path& debian;      // DEBIAN/, with the control file
    const std::vector<RootOfSuite>& roots;    // whose package lists apt is asked for
    std::filesystem::path declarations = {};  // of packages that are made beside this one
};

// A finding for each relation of Depends and Pre-Depends that apt cannot install there, by name. A
// package that is declared beside this one comes with it, and is asked of nobody. A root without
// lists is a warning.
Result<Findings> check_installable(const InstallableInputs& inputs, const std::string& architecture,
                                   System& system);

// Depends and Pre-Depends of a control file, one relation each, without packages that are declared
// beside this one.
Result<std::vector<std::string>> relations_to_install(const std::filesystem::path& debian,
                                                      const std::filesystem::path& declarations);

}  // namespace dba::steps
