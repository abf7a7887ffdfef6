#include "system/git/paths.hpp"

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/git/handles.hpp"

namespace dba {

namespace {

std::string first_line_of(const fs::path& file) {
    const auto text = read_file(file);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

// The .git directory that governs `directory`, or `directory` itself when it is a bare repository.
fs::path find_git_directory(const fs::path& directory) {
    if (path_exists(directory / "HEAD") && directory_exists(directory / "refs")) return directory;
    for (fs::path at = directory;; at = at.parent_path()) {
        fs::path git = at / ".git";
        if (directory_exists(git)) return git;
        if (file_exists(git)) {
            // "gitdir: PATH": a linked work tree or a submodule.
            const std::string line = first_line_of(git);
            if (line.starts_with("gitdir: ")) return (at / line.substr(8)).lexically_normal();
        }
        if (at == at.parent_path()) return {};
    }
}

Result<git::Index> index_of(const fs::path& top) {
    git_index* raw = nullptr;
    if (git_index_open(&raw, (top / ".git" / "index").c_str()) != 0)
        return system_error(top.string(), "git's index cannot be read: " + git::message());
    return git::Index(raw);
}

}  // namespace

fs::path repository_around(fs::path path) {
    for (; path.has_relative_path(); path = path.parent_path())
        if (entry_exists(path / ".git")) return path;
    return {};
}

std::optional<fs::path> local_repository(const std::string& repository) {
    static constexpr std::string_view scheme = "file://";
    fs::path path = repository;
    if (repository.starts_with(scheme)) {
        // Unlike in other URLs, git takes a '#' for part of the path.
        std::string_view rest = std::string_view(repository).substr(scheme.size());
        if (rest.starts_with("localhost/")) rest.remove_prefix(9);
        path = text::percent_decoded(rest);
    } else {
        if (repository.find("://") != std::string::npos) return std::nullopt;
        // git's own rule for scp-like addresses: a colon before the first slash.
        const auto colon = repository.find(':');
        if (colon != std::string::npos && colon < repository.find('/') && !path_exists(path))
            return std::nullopt;
    }
    const fs::path bare = path.string() + ".git";
    return !path_exists(path) && path_exists(bare) ? bare : path;
}

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
    std::erase_if(paths, [&](const fs::path& path) { return !path_exists(path); });
    return paths;
}

Result<void> assume_unchanged(const fs::path& top, const std::vector<std::string>& paths) {
    if (paths.empty()) return {};
    TRY_ASSIGN(const git::Index index, index_of(top));
    for (const std::string& path : paths) {
        const git_index_entry* entry = git_index_get_bypath(index.get(), path.c_str(), 0);
        if (entry == nullptr) continue;
        git_index_entry assumed = *entry;
        assumed.flags |= GIT_INDEX_ENTRY_VALID;
        if (git_index_add(index.get(), &assumed) != 0)
            return system_error(path, "cannot be marked in git's index: " + git::message());
    }
    if (git_index_write(index.get()) != 0)
        return system_error(top.string(), "git's index cannot be written: " + git::message());
    return {};
}

Result<std::vector<std::string>> tracked_files(const fs::path& top) {
    TRY_ASSIGN(const git::Index index, index_of(top));
    std::vector<std::string> files;
    for (std::size_t i = 0; i < git_index_entrycount(index.get()); ++i)
        files.emplace_back(git_index_get_byindex(index.get(), i)->path);
    return files;
}

}  // namespace dba
