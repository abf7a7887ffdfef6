// The work tree of a repository as it is now: what git tracks, what changed, what is new.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/git/git.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// The repository whose work tree holds `directory`. None: there is no repository, a bare one, one
// without a commit, or one that ignores the directory and tracks nothing in it.
Result<std::optional<Repository>> open_around(const std::filesystem::path& directory);

// The commit that is checked out.
Result<Commit> head_commit(git_repository* repository);

// Whether tracked files changed, or there are new ones that it does not ignore.
Result<bool> is_dirty(git_repository* repository);

Result<GitSnapshot> snapshot(git_repository* repository, const std::filesystem::path& directory,
                             const GitKeep& keep);

Result<std::vector<GitGap>> copy_worktree(git_repository* repository,
                                          const std::filesystem::path& directory,
                                          const GitKeep& keep,
                                          const std::filesystem::path& destination);

// What git may say of a commit besides its own history.
GitHistory history_of(git_repository* repository, git_commit* commit);

}  // namespace dba::git
