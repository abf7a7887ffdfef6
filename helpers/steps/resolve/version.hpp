// Version and SOURCE_DATE_EPOCH of the package (DESIGN.md, "Version").
#pragma once

#include <cstdint>
#include <string>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "steps/resolve/source.hpp"

namespace dba::steps {

struct ResolvedVersion {
    ReleasePlan plan;
    // Both "" when only the build tells, and there is no git.
    std::string upstream;  // as Debian spells it, with the snapshot suffix off a tag
    std::string full;      // upstream-RELEASE
    std::string python;    // PEP 440, of a folder without metadata only
};

Result<ResolvedVersion> resolve_version(const Declaration& declaration, const FoundSource& found);

// The name of the distribution that a folder without metadata becomes: "g++-tool" -> "g-tool".
std::string distribution_of_package(const std::string& package);

// Seconds since 1970: the commit's time, else the newest date of CHANGELOG, else the newest mtime
// of the source with a warning.
Result<std::int64_t> resolve_epoch(const Manifest& manifest, const FoundSource& found,
                                   System& system);

}  // namespace dba::steps
