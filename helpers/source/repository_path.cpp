#include "source/repository_path.hpp"

namespace dba {

bool is_local_repository(const std::string& repository) {
    if (repository.starts_with("file://") || repository.starts_with("/")) return true;
    if (repository.find("://") != std::string::npos) return false;
    // scp-like "host:path" has a colon before the first slash.
    const auto colon = repository.find(':');
    return colon == std::string::npos || repository.find('/') < colon;
}

}  // namespace dba
