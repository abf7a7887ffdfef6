// git through libgit2; the git program is never run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct GitCommit {
    std::string id;                 // 40 hex digits
    std::string author;             // "Name <address>" of the author
    std::int64_t time = 0;          // committer time, seconds since the epoch
    std::vector<std::string> tags;  // names of tags pointing at it
    std::string nearest_tag;        // nearest reachable tag ("" = none), as `describe --tags`
    int distance = 0;               // commits since nearest_tag
    std::string branch;             // set when the reference asked for was a branch
};

struct GitWorktree {
    std::filesystem::path top;
    GitCommit head;
    bool dirty = false;  // tracked files changed, or untracked files not ignored
};

class Git {
 public:
    virtual ~Git() = default;
    // Brings `url` (path, file://, https://, ssh://, scp-like) into the bare cache and resolves
    // `reference` (branch, tag, commit or unique abbreviation of one). When `reference` is already
    // there as a commit the network is not asked. An unknown one lists the nearest names.
    virtual Result<GitCommit> resolve(const std::string& url, const std::string& reference,
                                      const std::filesystem::path& bare_cache) = 0;
    // One file of a commit; nullopt when absent.
    virtual Result<std::optional<std::string>> read(const std::filesystem::path& bare_cache,
                                                    const std::string& commit,
                                                    const std::string& path) = 0;
    // The commit's tree (below `subdir`) without .git, honouring export-ignore, exactly as
    // `git archive` would; submodules at their recorded commits when asked. A Git LFS pointer is
    // an error that names the file.
    virtual Result<void> export_tree(const std::filesystem::path& bare_cache,
                                     const std::string& url, const std::string& commit,
                                     const std::string& subdir, bool submodules,
                                     const std::filesystem::path& destination) = 0;
    // The repository that holds `directory`; nullopt when there is none.
    virtual Result<std::optional<GitWorktree>> worktree(const std::filesystem::path& directory) = 0;
};

std::unique_ptr<Git> make_libgit2();

}  // namespace dba
