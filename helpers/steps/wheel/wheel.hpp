// The application's wheel, built by the environment's own Python from the project's folder
// (PEP 517). Its METADATA is also what lock takes the project's requirements from.
#pragma once

#include "formats/python/wheel.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/fetch/fetch.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct ApplicationWheel {
    fs::path file;
    Metadata metadata;
    std::string digest;  // of the wheel's bytes
};

// Builds in a copy of the source. The environment with the build requirements is kept, addressed
// by those requirements, so that a change of the source costs only the backend's own time.
// bad_input for a folder that is no Python project, and for a build that fails.
Result<ApplicationWheel> application_wheel(const Manifest& manifest, const Layer& interpreter,
                                           const FetchedSource& source, System& system);

// The same for any project; `label` names it in the log and in errors.
Result<ApplicationWheel> project_wheel(const std::string& label, const Manifest& manifest,
                                       const Layer& interpreter, const FetchedSource& source,
                                       System& system);

// [build-system] of pyproject.toml; what PEP 517 says to assume where it is silent.
struct BuildSystem {
    std::vector<std::string> requires_;
    std::string backend;
    std::vector<std::string> backend_path;
};
Result<BuildSystem> build_system_of(const fs::path& project);

}  // namespace dba::steps
