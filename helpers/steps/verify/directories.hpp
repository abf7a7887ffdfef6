// What the leak gate looks for: every directory that a build makes or reads.
#pragma once

#include <filesystem>
#include <vector>

#include "model/manifest.hpp"
#include "model/verify_report.hpp"

namespace dba::steps {

// Where this build works, beside what the manifest names.
struct BuildPlaces {
    std::filesystem::path work;
    std::filesystem::path declaration;  // the file
    std::filesystem::path output;       // the file, or ""
    std::filesystem::path output_dir;   // or ""
    std::filesystem::path git_cache;
};

// Each with what a finding calls it. Directories that every machine has (/usr, /usr/bin, ...) are
// left out: naming one says nothing about this build. The home directory and /tmp are searched only
// where a path is used.
std::vector<SearchedDirectory> searched_directories(const Manifest& manifest,
                                                    const BuildPlaces& places);

}  // namespace dba::steps
