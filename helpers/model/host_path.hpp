// Paths of the target that a package may have, and those that are the administrator's.
#pragma once

#include <string>

namespace dba {

// Absolute, normal, not "/", on one line.
bool is_host_path(const std::string& path);

// Where a host keeps the secrets of a package's services, when the declaration names no other path.
std::string credentials_directory(const std::string& package);

// The directory of the administrator that is at or above the absolute path; "" for none. No version
// of a package writes, changes or deletes anything there.
std::string administrators_directory(const std::string& package, const std::string& path);

}  // namespace dba
