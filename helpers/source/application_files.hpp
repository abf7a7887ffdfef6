// Which files of a directory are the application's.
#pragma once

#include <filesystem>

namespace dba {

// Whether a file of a source directory belongs to the application: version control, caches,
// environments and this build's own directories do not.
bool is_application_file(const std::filesystem::path& source,
                         const std::filesystem::path& relative);

}  // namespace dba
