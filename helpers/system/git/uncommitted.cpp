#include "system/git/uncommitted.hpp"

#include "system/git/export.hpp"

namespace dba::git {
namespace {

// Of what lies in a directory that it ignores, git's status says nothing.
Result<bool> is_ignored(git_repository* repository, const std::string& path) {
    int ignored = 0;
    if (git_ignore_path_is_ignored(&ignored, repository, path.c_str()) != 0)
        return system_error(path, "whether git ignores it cannot be told: " + message());
    if (ignored == 0) return false;
    git_index* raw = nullptr;
    if (git_repository_index(&raw, repository) != 0)
        return system_error(path, "git's index cannot be read: " + message());
    const Index index(raw);
    return git_index_get_bypath(raw, path.c_str(), 0) == nullptr &&
           git_index_find_prefix(nullptr, raw, (path + "/").c_str()) != 0;
}

Result<void> look_at(git_repository* repository, const std::string& path, GitUncommitted& found) {
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                    GIT_STATUS_OPT_INCLUDE_IGNORED | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
    std::string spec = path;
    char* specs[] = {spec.data()};
    if (!path.empty() && path != ".") options.pathspec = {specs, 1};
    git_status_list* raw = nullptr;
    if (git_status_list_new(&raw, repository, &options) != 0)
        return system_error(path, "whether it is committed cannot be told: " + message());
    const StatusList list(raw);
    for (std::size_t i = 0; i < git_status_list_entrycount(raw); ++i) {
        const git_status_entry* entry = git_status_byindex(raw, i);
        const git_diff_delta* delta =
            entry->index_to_workdir != nullptr ? entry->index_to_workdir : entry->head_to_index;
        // What is not there is in no package, and a sparse work tree lacks files that are
        // committed.
        if (delta == nullptr || (entry->status & GIT_STATUS_WT_DELETED) != 0) continue;
        auto& paths = entry->status == GIT_STATUS_IGNORED ? found.ignored : found.changed;
        paths.emplace_back(delta->new_file.path);
    }
    if (git_status_list_entrycount(raw) != 0 || options.pathspec.count == 0) return {};
    TRY_ASSIGN(const bool ignored, is_ignored(repository, path));
    if (ignored) found.ignored.push_back(path);
    return {};
}

}  // namespace

bool holds(git_repository* repository, const std::string& commit, const std::string& directory) {
    const auto tree = tree_of(repository, commit, directory);
    if (!tree) return false;
    if (directory.empty() || directory == ".") return true;
    git_tree_entry* raw = nullptr;
    if (git_tree_entry_bypath(&raw, tree->get(), directory.c_str()) != 0) return false;
    const TreeEntry entry(raw);
    return git_tree_entry_type(raw) == GIT_OBJECT_TREE;
}

Result<GitUncommitted> uncommitted(git_repository* repository,
                                   const std::vector<std::string>& paths) {
    GitUncommitted found;
    for (const std::string& path : paths) TRY(look_at(repository, path, found));
    return found;
}

}  // namespace dba::git
