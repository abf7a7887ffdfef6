// wheel: source -> the application's wheel (PEP 517), built by the environment's own Python, and
// what it says of itself. Later steps take that as a value: lock its requirements, install its
// file.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "formats/python/wheel.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/fetch/fetch.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct WheelInputs {
    const FetchedSource& source;
    const Layer& interpreter;
};

struct BuiltWheel {
    fs::path file;
    std::string digest;  // of the file's bytes
    fs::path dist_info;  // the wheel's *.dist-info, unpacked: METADATA, RECORD, licences
    Metadata metadata;
    // Requirements that a directory of the project answers, by name: its path from the project.
    std::map<std::string, std::string> sent = {};
    std::vector<EntryPoint> entry_points;
};

// Builds in a copy of the source. The environment with the build requirements is kept, addressed
// by those requirements, so that a change of the source costs only the backend's own time.
// bad_input for a folder that is no Python project, and for a build that fails.
Result<BuiltWheel> wheel(const Manifest& manifest, const WheelInputs& inputs, System& system);

// The same for any project that the application requires; `label` names it in the log and in
// errors.
Result<BuiltWheel> wheel_of(const std::string& label, const Manifest& manifest,
                            const WheelInputs& inputs, System& system);

// [build-system] of pyproject.toml; what PEP 517 says to assume where it is silent.
struct BuildSystem {
    std::vector<std::string> requires_;
    std::string backend;
    std::vector<std::string> backend_path;
};
Result<BuildSystem> build_system_of(const fs::path& project);

}  // namespace dba::steps
