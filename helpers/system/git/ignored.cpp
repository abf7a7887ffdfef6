#include "system/git/ignored.hpp"

#include "system/git/handles.hpp"

namespace dba::git {

namespace {

// The library counts who uses it.
struct Library {
    Library() { git_libgit2_init(); }
    ~Library() { git_libgit2_shutdown(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

}  // namespace

Result<std::set<std::string>> ignored_paths(const std::filesystem::path& top,
                                            const std::vector<std::string>& paths,
                                            const std::filesystem::path& scratch) {
    const Library library;
    // A repository without an index, whose work tree this is for as long as it is open: nothing is
    // written into it, and neither the user's own excludes nor those of .git/info count.
    git_repository* raw = nullptr;
    if (git_repository_init(&raw, scratch.c_str(), 1) != 0)
        return system_error(scratch.string(), "a repository cannot be made in it: " + message());
    const Repository repository(raw);
    if (git_repository_set_workdir(raw, top.c_str(), 0) != 0)
        return system_error(top.string(), "cannot be a work tree: " + message());
    git_config* settings = nullptr;
    if (git_repository_config(&settings, raw) != 0 ||
        git_config_set_string(settings, "core.excludesfile", "/dev/null") != 0) {
        git_config_free(settings);
        return system_error(scratch.string(), "its configuration cannot be written: " + message());
    }
    git_config_free(settings);
    std::set<std::string> ignored;
    for (const auto& path : paths) {
        int is_ignored = 0;
        if (git_ignore_path_is_ignored(&is_ignored, raw, path.c_str()) != 0)
            return system_error(path, ".gitignore cannot be asked about it: " + message());
        if (is_ignored != 0) ignored.insert(path);
    }
    return ignored;
}

}  // namespace dba::git
