// A commit's tree as files, with the bytes that `git archive` gives.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/git/git.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// Only the .gitattributes of the commit count, not those of the repository or of the user: one
// commit gives one tree everywhere.
Result<std::vector<GitGap>> export_tree(const GitExport& what);

// Whether a link in `directory` ("a/b" below the root) to `target` ends outside the root.
bool leads_out(const std::string& directory, const std::string& target);

Result<Tree> tree_of(git_repository* repository, const std::string& commit,
                     const std::string& subject);

// One file of a tree, by way of links to it; nullopt when there is none of that name. One that lies
// in a submodule is an error that says where that comes from.
Result<std::optional<std::string>> read_blob(git_repository* repository, git_tree* tree,
                                             const std::string& path);

}  // namespace dba::git
