// A loose input -> pins with hashes, by `uv pip compile` or pip's installation report.
#pragma once

#include <string>
#include <vector>

#include "python/venv.hpp"
#include "steps/lock/sources.hpp"

namespace dba::steps {

struct ResolveRequest {
    std::string application;          // its name, for errors; not part of the answer
    std::string lines;                // a requirements file that asks for the application
    std::vector<fs::path> files;      // further requirements files
    std::vector<BuiltSource> nested;  // what a built source asks for by a git or file URL
};

// A requirements file with versions and hashes.
Result<std::string> resolve_requirements(const ResolveRequest& request, const Manifest& manifest,
                                         const Layer& interpreter, System& system);

}  // namespace dba::steps
