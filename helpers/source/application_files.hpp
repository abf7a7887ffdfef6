// Which files of a directory are the application's.
#pragma once

#include <filesystem>

namespace dba {

// What of a source directory is the application: no version control, caches, environments, and
// nothing of this build's own directories.
bool is_application_file(const std::filesystem::path& source,
                         const std::filesystem::path& relative);

}  // namespace dba
