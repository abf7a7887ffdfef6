// fetch: manifest -> source/. A libgit2 export or a directory copy; PREPARE runs on the copy.
#pragma once

#include <filesystem>

#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct FetchInputs {
    std::filesystem::path git_cache;
};

Result<FetchedSource> fetch(const Manifest& manifest, const FetchInputs& inputs, System& system);

}  // namespace dba::steps
