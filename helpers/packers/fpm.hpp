// PACKER fpm.
#pragma once

#include <filesystem>

#include "packers/packer.hpp"

namespace dba::packers {

// fpm (seen with 1.17) compresses the changelogs itself, over whatever lies in the tree: the Debian
// one always, as changelog.Debian.gz, which it renames to changelog.gz when it gets no other for
// that name. So what the package has at these two paths, and their text; both where the version has
// a revision, since changelog.Debian.gz must be there (Policy 12.7).
Result<deb::WrittenTexts> fpm_changelogs(const Plan& plan);

Result<void> pack_with_fpm(const Plan& plan, const std::filesystem::path& scratch,
                           const std::filesystem::path& output, System& system);

}  // namespace dba::packers
