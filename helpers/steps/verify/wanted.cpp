#include "steps/verify/wanted.hpp"

#include <filesystem>

namespace dba::steps {

std::string Surroundings::absolute(const std::string& path) const {
    std::string clean = (std::filesystem::path(directory) / path).lexically_normal().string();
    if (clean.size() > 1 && clean.back() == '/') clean.pop_back();
    return clean;
}

std::string Surroundings::variable(std::string_view name) const {
    const auto found = environment.find(std::string(name));
    return found == environment.end() ? "" : found->second;
}

}  // namespace dba::steps
