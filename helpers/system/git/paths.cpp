#include "system/git/paths.hpp"

#include "system/files/files.hpp"

namespace dba {

namespace {

std::string first_line_of(const fs::path& file) {
    const auto text = read_file(file);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

// The .git directory that governs `directory`, or `directory` itself when it is a bare repository.
fs::path find_git_directory(const fs::path& directory) {
    std::error_code ignored;
    if (fs::exists(directory / "HEAD", ignored) && fs::is_directory(directory / "refs", ignored))
        return directory;
    for (fs::path at = directory;; at = at.parent_path()) {
        fs::path git = at / ".git";
        if (fs::is_directory(git, ignored)) return git;
        if (fs::is_regular_file(git, ignored)) {
            // "gitdir: PATH": a linked work tree or a submodule.
            const std::string line = first_line_of(git);
            if (line.starts_with("gitdir: ")) return (at / line.substr(8)).lexically_normal();
        }
        if (at == at.parent_path()) return {};
    }
}

}  // namespace

std::vector<fs::path> git_state_paths(const fs::path& directory) {
    const auto git = find_git_directory(fs::absolute(directory).lexically_normal());
    if (git.empty()) return {};
    std::vector<fs::path> paths{git / "HEAD", git / "index"};
    // A linked work tree keeps its references in the repository it was made from.
    const std::string common = first_line_of(git / "commondir");
    const fs::path shared = common.empty() ? git : (git / common).lexically_normal();
    paths.push_back(shared / "packed-refs");
    std::error_code ignored;
    paths.push_back(shared / "refs");
    for (fs::recursive_directory_iterator it(shared / "refs", ignored), end; it != end;
         it.increment(ignored))
        paths.push_back(it->path());
    std::erase_if(paths, [&](const fs::path& path) { return !fs::exists(path, ignored); });
    return paths;
}

}  // namespace dba
