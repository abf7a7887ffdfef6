// A repository around files that were taken out of one: HEAD, tags and index of its own, and the
// history by way of the other's objects (gitrepository-layout(5), objects/info/alternates). git
// answers in it as in a clone of that commit, and nothing that differs from clone to clone is in
// it: no branches, remotes, reflogs, stat data or configuration.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/git/git.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

enum class FileState {
    as_recorded,  // git would find what the index says
    assumed,      // the bytes differ and are to count as unchanged ($Format$ filled in)
    changed,      // git has to compare
    left_out,     // not there, and not to be missed (export-ignore, a sparse work tree)
};

struct IndexFile {
    std::string path;  // from the top
    git_filemode_t mode = GIT_FILEMODE_BLOB;
    git_oid id{};
    FileState state = FileState::as_recorded;
    std::uint64_t size = 0;  // of the file, or of the link's target, on disk
};

struct Around {
    std::string commit;             // HEAD, detached
    std::int64_t time = 0;          // the commit's, which the files as recorded have, too
    std::vector<IndexFile> index;   // in any order
    std::vector<std::string> hide;  // files and directories ("x/") that count as ignored
};

// Writes DIRECTORY/.git. `from` is read, and its objects are used from then on.
Result<void> write_repository(git_repository* from, const Around& around,
                              const std::filesystem::path& directory);

// Gives a file or a link the time that tells git it is as recorded.
Result<void> set_time(const std::filesystem::path& file, std::int64_t time);

// The tags of a repository, as packed-refs has them (git-pack-refs(1)), sorted; only those that
// lead to `commit` or a commit before it, when one is given.
std::string packed_tags(git_repository* repository, git_commit* commit = nullptr);

}  // namespace dba::git
