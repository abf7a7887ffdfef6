// A commit's tree as files, with the bytes that `git archive` gives.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "model/result.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

struct Export {
    std::filesystem::path bare_cache;
    std::string url;
    std::string commit;
    std::string subdir;
    bool submodules = false;
    std::filesystem::path destination;
    std::string inside;  // where in the outermost destination a submodule lies ("" = is outermost)
    int depth = 0;       // of submodules in submodules
};

// Only the .gitattributes of the commit count, not those of the repository or of the user: one
// commit gives one tree everywhere.
Result<void> export_tree(const Export& what);

Result<Tree> tree_of(git_repository* repository, const std::string& commit,
                     const std::string& subject);

// One file of a tree; nullopt when there is none of that name.
Result<std::optional<std::string>> read_blob(git_repository* repository, git_tree* tree,
                                             const std::string& path);

}  // namespace dba::git
