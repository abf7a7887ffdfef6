#include "model/manifest.hpp"

#include <filesystem>

#include "model/json.hpp"

namespace dba {

std::string DeclaredFiles::start_of(const std::string& path, const std::string& directory) const {
    if (copy.empty() || !path.starts_with(copy + "/")) return directory;
    const std::filesystem::path inside = std::filesystem::path(directory).lexically_relative(top);
    return (std::filesystem::path(copy) / inside).lexically_normal().string();
}

std::string DeclaredFiles::shown(std::string text) const {
    if (!copy.empty())
        for (auto at = text.find(copy); at != text.npos; at = text.find(copy, at + top.size()))
            text.replace(at, copy.size(), top);
    return text;
}

std::string nobody_of(const std::string& package) {
    return package + " maintainers <root@localhost>";
}

std::string to_json_text(const Manifest& manifest) {
    return json_text(json_of(manifest));
}

}  // namespace dba
