// lock: requirements -> a lock in which every file has its sha256.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "python/installer_options.hpp"
#include "steps/fetch/fetch.hpp"
#include "steps/wheel/wheel.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct LockInputs {
    const FetchedSource& source;
    const Layer& interpreter;  // whose Python the markers and wheel tags are judged by
    const BuiltWheel& wheel;   // whose requirements are locked
    bool refresh = false;  // resolve anew although nothing changed (`deb-build-app lock --refresh`)
};

// Requirements that one index alone is asked for.
struct LockPart {
    std::filesystem::path file;
    std::string index;  // "" = any
};

struct Lock {
    std::filesystem::path file;   // requirements format with --hash=sha256:... on every line
    std::string digest;           // of its bytes
    InstallerOptions options;     // how it is installed: what of its options counts
    std::vector<LockPart> parts;  // what is in it, where one index alone is asked for some of it;
                                  // else none
    std::vector<std::string> overridden;      // names whose version counts whatever others ask for
    bool empty = false;                       // the application needs no third-party distribution
    std::vector<std::filesystem::path> read;  // files and directories it was made from, and the
                                              // kept lock: when they change, so may the package
};

// From a lock (LOCK, a REQUIREMENTS file that is one, or one in the project: pylock.toml, uv.lock,
// poetry.lock), which is taken as it is; else resolved, and kept in WORK/lock/NAME.lock until what
// it was made from changes. Requirements that name a git commit or a directory are built to wheels.
Result<Lock> lock(const Manifest& manifest, const LockInputs& inputs, System& system);

}  // namespace dba::steps
