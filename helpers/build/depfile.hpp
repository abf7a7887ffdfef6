// The depfile: what a package depends on, for the build tool.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "build/options.hpp"
#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"
#include "steps/fetch/fetched_source.hpp"

namespace dba {

// The files and directories whose change can change the package, as a Makefile fragment;
// `source` says what was read around SOURCE_DIR, `locked_from` what the lock was made from.
Result<void> write_depfile(const Declaration& declaration, const Manifest& manifest,
                           const std::filesystem::path& named, const std::filesystem::path& pin,
                           const steps::FetchedSource& source,
                           const std::vector<std::filesystem::path>& locked_from,
                           const BuildOptions& options);

// Of a depfile that was written inside: what lies in `seen`, for the rest is the root's, which is
// there by its `notes`. `seen` are the directories that are the same inside.
std::string depfile_outside(const std::string& depfile, const std::vector<std::string>& seen,
                            const std::vector<std::string>& notes);

}  // namespace dba
