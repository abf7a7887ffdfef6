// What of a work tree its commit does not have.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/git/git.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

bool holds(git_repository* repository, const std::string& commit, const std::string& directory);

// As Git::uncommitted().
Result<GitUncommitted> uncommitted(git_repository* repository,
                                   const std::vector<std::string>& paths);

}  // namespace dba::git
