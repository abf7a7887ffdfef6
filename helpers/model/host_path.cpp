#include "model/host_path.hpp"

#include <filesystem>

namespace dba {

bool is_host_path(const std::string& path) {
    if (path.size() < 2 || path[0] != '/' || path.back() == '/') return false;
    if (path.find('\n') != std::string::npos || path.find('\0') != std::string::npos) return false;
    return std::filesystem::path(path).lexically_normal().string() == path;
}

std::string credentials_directory(const std::string& package) {
    return "/etc/" + package + "/credentials";
}

std::string administrators_directory(const std::string& package, const std::string& path) {
    for (std::string directory : {"/etc/" + package + "/conf.d", credentials_directory(package)})
        if (path == directory || path.starts_with(directory + "/")) return directory;
    return {};
}

}  // namespace dba
