#include "steps/resolve/declared_path.hpp"

#include <filesystem>

#include "system/files/files.hpp"

namespace dba::steps {

std::string absolute_path(const Declaration& declaration, const std::string& path) {
    if (path.empty()) return {};
    return (fs::path(declaration.directory) / path).lexically_normal();
}

Result<std::string> existing_file(const Declaration& declaration, const std::string& keyword,
                                  const std::string& path) {
    auto full = absolute_path(declaration, path);
    if (!full.empty() && !file_exists(full))
        return bad_input(keyword + " " + path, "there is no such file: " + full,
                         "correct the path; a relative one starts at " + declaration.directory);
    return full;
}

Result<std::vector<std::string>> existing_files(const Declaration& declaration,
                                                const std::string& keyword,
                                                const std::vector<std::string>& paths) {
    std::vector<std::string> found;
    for (const auto& path : paths) {
        TRY_ASSIGN(found.emplace_back(), existing_file(declaration, keyword, path));
    }
    return found;
}

}  // namespace dba::steps
