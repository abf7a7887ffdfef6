#include "steps/resolve/declared_path.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/git/paths.hpp"

namespace dba::steps {

std::string absolute_path(const Declaration& declaration, const std::string& path) {
    if (path.empty()) return {};
    return (fs::path(declaration.directory) / path).lexically_normal();
}

Result<void> refuse_link_out(const Declaration& declaration, const std::string& keyword,
                             const std::string& path) {
    std::error_code error;
    const fs::path full = absolute_path(declaration, path);
    const fs::path real = fs::canonical(full, error);
    if (error) return {};  // whoever reads it says so
    bool of_the_source = false;
    for (const std::string& declared : {declaration.directory, declaration.source_dir}) {
        if (declared.empty()) continue;
        const fs::path top = fs::path(absolute_path(declaration, declared) + "/").parent_path();
        if (!text::is_within(full.string(), top.string())) continue;
        of_the_source = true;
        for (const fs::path& place : {top, repository_around(top)}) {
            const fs::path inside = fs::canonical(place, error);
            if (!error && text::is_within(real.string(), inside.string())) return {};
        }
    }
    if (!of_the_source) return {};
    return bad_input(
        keyword + " " + path, "is a symbolic link out of the source, to " + real.string(),
        fmt::format("have the file itself there, or write {} {}", keyword, real.string()));
}

Result<std::string> existing_file(const Declaration& declaration, const std::string& keyword,
                                  const std::string& path) {
    auto full = absolute_path(declaration, path);
    if (!full.empty() && !file_exists(full))
        return bad_input(keyword + " " + path, "there is no such file: " + full,
                         "correct the path; a relative one starts at " + declaration.directory);
    if (!full.empty()) TRY(refuse_link_out(declaration, keyword, path));
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
