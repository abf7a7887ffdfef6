// Where a host keeps the secrets of a package's services.
#pragma once

#include <string>

namespace dba {

// Where the path is that a declaration does not name.
std::string credentials_directory(const std::string& package);

}  // namespace dba
