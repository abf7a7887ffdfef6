// Bringing a repository over the network into a bare cache.
#pragma once

#include <filesystem>
#include <string>

#include "model/result.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// Opens a repository on this machine: a work tree, its .git, a linked work tree, or a bare one.
Result<Repository> open_local(const std::filesystem::path& path);

// Opens the bare cache, made when absent or damaged.
Result<Repository> open_cache(const std::filesystem::path& bare_cache);

// Fetches all branches and tags of `url`, and sets HEAD as the remote has it. With `commit` (40
// hex digits, or "") that commit too, when no branch or tag holds it and the server gives it out.
Result<Repository> fetch(const std::string& url, const std::string& commit,
                         const std::filesystem::path& bare_cache);

}  // namespace dba::git
