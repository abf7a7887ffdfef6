// resolve: declaration -> manifest. Every default filled in, the git commit pinned, versions fixed.
#pragma once

#include <filesystem>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct ResolveInputs {
    std::filesystem::path git_cache;  // bare cache of this package's repository
    std::filesystem::path pin_file;   // NAME.pin.json: what a branch was resolved to
    bool update_pin = false;          // ask the remote again
};

Result<Manifest> resolve(const Declaration& declared, const ResolveInputs& inputs, System& system);

}  // namespace dba::steps
