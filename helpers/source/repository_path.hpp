// Repositories that lie on this machine.
#pragma once

#include <string>

namespace dba {

// True for a path or file:// URL of this machine.
bool is_local_repository(const std::string& repository);

}  // namespace dba
