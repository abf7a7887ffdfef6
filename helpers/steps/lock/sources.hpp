// Requirements that name a source instead of a released file: a git commit, or a directory. They
// are built to wheels here, by libgit2 and the environment's own Python: the installer sees only
// wheels, and each has its sha256.
#pragma once

#include <string>
#include <vector>

#include "formats/python/requirement.hpp"
#include "formats/python/wheel.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct BuiltSource {
    std::string name;  // normalised
    std::string pin;   // "git+https://host/x@COMMIT#subdirectory=y" or "file:///dir", for the lock
    fs::path wheel;    // what is installed
    std::string digest;  // sha256 of the wheel
    Metadata metadata;
    fs::path directory;  // of a directory: what to watch for changes
};

// Whether a URL or path names such a source: "git+...", or a directory that is there.
bool is_source(const std::string& url);

// Builds it. bad_input for hg, svn and bzr, and for a directory that is no Python project.
Result<BuiltSource> build_source(const std::string& url, const Manifest& manifest,
                                 const Layer& interpreter, System& system);

}  // namespace dba::steps
