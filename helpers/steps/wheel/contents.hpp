// What the application's wheel holds, held against the project it was built from: backends leave
// files out without a word.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/fetch/fetch.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

// A file below the application's packages that is not in the wheel.
struct LackingFile {
    std::string path;    // from the project's directory
    std::string reason;  // "" = not known
    bool operator==(const LackingFile&) const = default;
};

struct WheelContents {
    std::vector<LackingFile> lacking;
    // What PREPARE made, and the backend left out because git ignores it or does not track it: put
    // in afterwards. Paths from the project's directory.
    std::vector<std::string> added;
};

struct WheelBuild {
    const Manifest& manifest;
    const FetchedSource& source;
    const std::string& backend;
    const std::vector<std::string>& requirements;  // of the build
    const fs::path& python;
};

// Whether a build-backend is setuptools, or a thin layer over it.
bool is_of_setuptools(const std::string& backend);

// Files that git tracks, or PREPARE made, below the packages that are in the wheel. Left aside:
// what EXCLUDE names, tests, sources of extension modules, and other projects below.
Result<WheelContents> compare_contents(const WheelBuild& build, const fs::path& dist_info,
                                       System& system);

// Compares, puts into the wheel what is to be added, and writes contents.json beside it.
Result<void> complete_wheel(const WheelBuild& build, const fs::path& wheel, System& system);
Result<WheelContents> read_contents(const fs::path& directory);

// Says what is lacking: a warning, or with WHEEL_COMPLETE a failed check.
Result<void> judge_contents(const WheelContents& contents, const Manifest& manifest,
                            System& system);

}  // namespace dba::steps
