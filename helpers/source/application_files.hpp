// Which files of a directory, and which layers, are the application's.
#pragma once

#include <filesystem>

#include "model/layer.hpp"
#include "model/manifest.hpp"

namespace dba {

// Whether a file of a source directory belongs to the application: version control, caches,
// environments and this build's own directories do not.
bool is_application_file(const std::filesystem::path& source,
                         const std::filesystem::path& relative);

// Whether the layer is the user's own work: the application, what FINISH made of it, the host's
// files. Secrets in it are the user's, not a distribution's test data.
bool is_own(const Layer& layer, const Manifest& manifest);

}  // namespace dba
