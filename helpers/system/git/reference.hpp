// Names of commits: what a reference means, and what is known of a commit.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/git/git.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// The commit `id` (40 hex digits); null when the repository does not hold it.
Commit find_commit(git_repository* repository, const std::string& id);

// What `reference` means: a full commit id, "HEAD", a tag, a branch, "origin/x", a full reference
// name, an abbreviated commit id (at least 4 digits), in this order, which is git's own. Unknown:
// bad_input on `shown_url` with the nearest names.
Result<GitCommit> resolve_reference(git_repository* repository, const std::string& reference,
                                    const std::string& shown_url);

// Time, author, tags and description of a commit. Missing history (a shallow clone) is no error.
GitCommit describe(git_repository* repository, git_commit* commit);

// Visits the references that `glob` matches.
void each_reference(git_repository* repository, const char* glob,
                    const std::function<void(git_reference*)>& visit);

// Names of the tags and branches, sorted.
std::vector<std::string> reference_names(git_repository* repository);

}  // namespace dba::git
