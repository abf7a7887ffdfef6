// fetch: manifest -> source/. A libgit2 export or a directory copy; PREPARE runs on the copy.
#pragma once

#include <filesystem>
#include <string>

#include "model/manifest.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct FetchInputs {
    std::filesystem::path git_cache;
};

struct FetchedSource {
    std::filesystem::path directory;  // holds pyproject.toml or setup.py
    std::string digest;               // of the tree after PREPARE
};

Result<FetchedSource> fetch(const Manifest& manifest, const FetchInputs& inputs, System& system);

}  // namespace dba::steps
