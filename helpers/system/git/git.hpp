// git through libgit2; the git program is never run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
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
    // Of the commits up to it that have some, the nearest first, as far as it takes to tell the
    // releases of one product from others; empty where nearest_tag tells it all.
    std::vector<std::vector<std::string>> earlier_tags;
    std::string branch;  // set when the reference asked for was a branch
};

struct GitWorktree {
    std::filesystem::path top;
    GitCommit head;
    bool dirty = false;  // tracked files changed, or untracked files not ignored
};

struct GitHistory {
    std::string tags;               // as packed-refs has them
    bool shallow = false;           // history and tags may be missing
    std::filesystem::path objects;  // where the repository keeps its own
};

// Which commit to take out of a repository, and how.
struct GitExport {
    std::filesystem::path bare_cache;
    std::string url;
    std::string commit;
    bool submodules = false;
    // A repository around the files (system/git/around.hpp). The files that export-ignore leaves
    // out count as there.
    bool repository = false;
    // export-subst also in files that ask for the names of the commit (%d and %D). Where there is
    // a repository, it tells them, and versioneer takes an answer without a tag for the last word.
    bool names = true;
    std::filesystem::path destination;
    // As a checkout has it, and not `git archive`: export-ignore and export-subst do not count.
    bool checkout = false;
};

// What a copy of a source has not: a package that ought to hold it would lack it.
struct GitGap {
    enum class Kind { submodule, link } kind = Kind::submodule;
    std::string path;    // from the top of the copy
    std::string target;  // the submodule's url; where a link leads, out of the repository
    bool operator==(const GitGap&) const = default;
};

// The work tree that holds a directory, with what is uncommitted.
struct GitSnapshot {
    std::filesystem::path top;
    std::string subdir;              // of the directory in it ("" = top)
    std::vector<std::string> files;  // what a copy takes, from the top
    std::string digest;              // of these files, the commit and its tags
    GitHistory history;
};

// What a work tree has otherwise than its commit; paths from its top.
struct GitUncommitted {
    std::vector<std::string> changed;  // or new
    std::vector<std::string> ignored;  // and not tracked; a directory ends in '/'
};

// Which files of a work tree below `top` may be taken though git does not track them.
using GitKeep =
    std::function<bool(const std::filesystem::path& top, const std::filesystem::path& relative)>;

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
    // The commit's tree with the bytes that `git archive` gives, honouring export-ignore;
    // submodules at their recorded commits when asked. What cannot come along is returned.
    virtual Result<std::vector<GitGap>> export_tree(const GitExport& what) = 0;
    // What `git describe` and its like may say of a commit, besides its own history: the tags that
    // lead to it or to one before it.
    virtual Result<GitHistory> history(const std::filesystem::path& bare_cache,
                                       const std::string& commit) = 0;
    // The repository that holds `directory`; nullopt when there is none, when it has no commit
    // yet, and when it ignores the directory.
    virtual Result<std::optional<GitWorktree>> worktree(const std::filesystem::path& directory) = 0;
    // The files of that repository: those that git tracks, those that it neither tracks nor
    // ignores, and all of `directory`; `keep` decides on those that are not tracked.
    virtual Result<std::optional<GitSnapshot>> snapshot(const std::filesystem::path& directory,
                                                        const GitKeep& keep) = 0;
    // Copies them, with a repository around them that is as dirty as theirs.
    virtual Result<std::vector<GitGap>> copy_worktree(const std::filesystem::path& directory,
                                                      const GitKeep& keep,
                                                      const std::filesystem::path& destination) = 0;
    // Whether the repository whose work tree is at `top` has the commit, and in it the directory.
    virtual Result<bool> holds(const std::filesystem::path& top, const std::string& commit,
                               const std::string& directory) = 0;
    // Of these files and directories (from the top) of a work tree, and of what lies in them, what
    // its commit does not have as it is.
    virtual Result<GitUncommitted> uncommitted(const std::filesystem::path& top,
                                               const std::vector<std::string>& paths) = 0;
};

std::unique_ptr<Git> make_libgit2();

}  // namespace dba
