// The part of resolve that settles which files of the declaration go where on the target.
#pragma once

#include <filesystem>
#include <string>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// CONFIG, CONFIG_DROPPED, CONFIG_VARIANTS, FILES, LINK, SCRIPTS and the maintainer's fragments, by
// the manifest's name.
Result<void> resolve_host_files(const Declaration& declaration, Manifest& manifest);

// Where a directory `source`, which FILES names as `declared`, comes to lie: with a '/' at its end
// what is in it, otherwise the directory itself, as cp and rsync have it.
std::string installed_directory(const InstalledFiles& group, const std::string& declared,
                                const std::filesystem::path& source);

}  // namespace dba::steps
