// lock: requirements -> a lock in which every file has its sha256.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/fetch.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct LockInputs {
    FetchedSource source;
    Layer interpreter;     // whose Python the markers and wheel tags are judged by
    bool refresh = false;  // resolve anew although nothing changed (`deb-build-app lock`)
};

struct Lock {
    std::filesystem::path file;  // requirements format with --hash=sha256:... on every line
    std::string digest;          // of its bytes
    bool empty = false;          // the application needs no third-party distribution
};

Result<Lock> lock(const Manifest& manifest, const LockInputs& inputs, System& system);

}  // namespace dba::steps
