#include "system/git/worktree.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/git/around.hpp"
#include "system/git/export.hpp"
#include "system/git/reference.hpp"
#include "system/git/submodules.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba::git {
namespace {

// One repository; those of its submodules are scanned apart.
struct Scan {
    Repository repository;
    fs::path top;
    Commit head;
    std::vector<IndexFile> tracked;
    std::vector<std::string> untracked;  // files that are not ignored
    std::vector<std::string> ignored;    // files and directories ("x/")
    std::map<std::string, Scan> inner;   // submodules that are checked out, by path
    std::map<std::string, std::string> empty_submodules;  // path -> url
};

fs::path top_of(git_repository* repository) {
    return fs::path(git_repository_workdir(repository)).lexically_normal().parent_path();
}

bool is_there(const fs::path& path) {
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

// What git finds of the index's paths in a work tree: one that leads through a symbolic link is
// gone for it, and would have us read, or write, behind the link.
class Reach {
 public:
    explicit Reach(fs::path top) : top_(std::move(top)) {}

    bool operator()(const std::string& path) {
        const fs::path directory = fs::path(path).parent_path();
        if (directory != directory_) {
            directory_ = directory;
            open_ = true;
            fs::path at = top_;
            for (const auto& part : directory) {
                at /= part;
                open_ = open_ && part != ".." && !symlink_exists(at);
            }
        }
        return open_ && is_there(top_ / path);
    }

 private:
    fs::path top_, directory_;  // the one that was looked at last: the next file is mostly in it
    bool open_ = true;
};

Error unreadable(git_repository* repository, const std::string& what) {
    const std::string why = message();
    std::string hint;
    if (why.find("'sdir'") != std::string::npos)
        hint = "libgit2 cannot read a sparse index: git sparse-checkout reapply --no-sparse-index";
    return Error{ExitCode::system, {}, top_of(repository).string(), what + ": " + why, hint};
}

struct Differences {
    std::set<std::string> changed;
    std::vector<std::string> untracked, ignored;
};

// The index against the work tree.
Result<Differences> compare(git_repository* repository, git_index* index) {
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
                    GIT_DIFF_INCLUDE_IGNORED | GIT_DIFF_INCLUDE_TYPECHANGE;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
    git_diff* raw = nullptr;
    if (git_diff_index_to_workdir(&raw, repository, index, &options) != 0)
        return Failure(unreadable(repository, "what changed in it cannot be told"));
    const Diff diff(raw);
    Differences found;
    for (std::size_t i = 0; i < git_diff_num_deltas(raw); ++i) {
        const git_diff_delta* delta = git_diff_get_delta(raw, i);
        if (delta->status == GIT_DELTA_UNTRACKED)
            found.untracked.emplace_back(delta->new_file.path);
        else if (delta->status == GIT_DELTA_IGNORED)
            found.ignored.emplace_back(delta->new_file.path);
        else if (delta->status != GIT_DELTA_UNMODIFIED)
            found.changed.insert(delta->old_file.path);
    }
    // Other repositories in it ("x/") are not its files.
    std::erase_if(found.untracked, [](const std::string& path) { return path.ends_with('/'); });
    return found;
}

Result<Scan> scan(Repository repository);

// A submodule is scanned where it is checked out.
Result<void> scan_submodule(const std::string& path,
                            const std::map<std::string, Submodule>& declared, Scan& found) {
    git_repository* raw = nullptr;
    if (!Reach(found.top)(path + "/.git")) {
        const auto known = declared.find(path);
        found.empty_submodules[path] =
            known == declared.end() ? "" : redact_urls(known->second.url);
        return {};
    }
    if (git_repository_open_ext(&raw, (found.top / path).c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH,
                                nullptr) != 0)
        return system_error((found.top / path).string(),
                            "the submodule cannot be opened: " + message(),
                            "git submodule update --init " + path);
    TRY_ASSIGN(auto inner, scan(Repository(raw)));
    found.inner.emplace(path, std::move(inner));
    return {};
}

Result<Scan> scan(Repository repository) {
    Scan found;
    git_repository* raw = repository.get();
    found.repository = std::move(repository);
    found.top = top_of(raw);
    TRY_ASSIGN(found.head, head_commit(raw));
    git_index* index_raw = nullptr;
    if (git_repository_index(&index_raw, raw) != 0)
        return Failure(unreadable(raw, "its index cannot be read"));
    const Index index(index_raw);
    TRY_ASSIGN(auto differences, compare(raw, index_raw));
    found.untracked = std::move(differences.untracked);
    found.ignored = std::move(differences.ignored);
    std::map<std::string, Submodule> submodules;
    if (const auto text = read_file(found.top / ".gitmodules"))
        submodules = parse_gitmodules(*text).value_or(submodules);
    Reach reach(found.top);
    std::set<std::string> seen;  // a path in conflict stands there up to three times
    for (std::size_t i = 0; i < git_index_entrycount(index_raw); ++i) {
        const git_index_entry& entry = *git_index_get_byindex(index_raw, i);
        if (!seen.insert(entry.path).second) continue;
        IndexFile file{entry.path, static_cast<git_filemode_t>(entry.mode), entry.id,
                       FileState::as_recorded, 0};
        struct stat info {};
        const bool there = reach(file.path) && ::lstat((found.top / file.path).c_str(), &info) == 0;
        if (there) file.size = static_cast<std::uint64_t>(info.st_size);
        const bool sparse = (entry.flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
        if (file.mode == GIT_FILEMODE_COMMIT)
            TRY(scan_submodule(file.path, submodules, found));
        else if (sparse && !there)
            file.state = FileState::left_out;
        else if (!there || sparse || git_index_entry_stage(&entry) != 0 ||
                 differences.changed.contains(file.path))
            file.state = FileState::changed;
        found.tracked.push_back(std::move(file));
    }
    return found;
}

std::string below(const fs::path& directory, const fs::path& top) {
    const fs::path relative = directory.lexically_relative(top);
    return relative == "." ? "" : relative.string();
}

// Whether `keep` turns down nothing on the way from the top to an untracked file.
bool is_kept(const fs::path& top, const std::string& path, const GitKeep& keep) {
    fs::path at;
    for (const auto& part : fs::path(path)) {
        at /= part;
        if (!keep(top, at)) return false;
    }
    return true;
}

std::string identity(const fs::path& file) {
    std::error_code error;
    if (fs::is_symlink(file, error)) return "link " + fs::read_symlink(file, error).string();
    const auto digest = sha256_file(file);
    struct stat info {};
    return digest && ::stat(file.c_str(), &info) == 0
               ? *digest + " " + std::to_string(info.st_mode & 0777U)
               : "gone";
}

// `prefix` is the submodule's path from the outermost top, with a slash at its end.
void describe_files(const Scan& found, const std::string& prefix, const fs::path& directory,
                    const GitKeep& keep, GitSnapshot& snapshot, std::string& text) {
    text += found.head == nullptr ? "" : hex(*git_commit_id(found.head.get()));
    text += "\n" + packed_tags(found.repository.get(), found.head.get());
    Reach reach(found.top);
    for (const IndexFile& file : found.tracked) {
        text += prefix + file.path + '\0' + std::to_string(file.mode) + hex(file.id) + " " +
                std::to_string(static_cast<int>(file.state)) + " " + std::to_string(file.size);
        const bool there = reach(file.path);
        if (file.state == FileState::changed)
            text += " " + (there ? identity(found.top / file.path) : "gone");
        text += '\0';
        if (file.mode != GIT_FILEMODE_COMMIT && there) snapshot.files.push_back(prefix + file.path);
    }
    for (const std::string& path : found.untracked) {
        // All of the directory is looked at apart.
        if (below(found.top / path, directory).starts_with("..") &&
            is_kept(found.top, path, keep)) {
            text += prefix + path + '\0' + identity(found.top / path) + '\0';
            snapshot.files.push_back(prefix + path);
        }
    }
    for (const auto& [path, inner] : found.inner) {
        text += prefix + path + "/" + '\0';
        describe_files(inner, prefix + path + "/", directory, keep, snapshot, text);
    }
}

class Copier {
 public:
    Copier(fs::path directory, const GitKeep& keep, std::vector<GitGap>& gaps)
        : directory_(std::move(directory)), keep_(keep), gaps_(gaps) {}

    // `prefix` as above.
    Result<void> copy(Scan& found, const std::string& prefix, const fs::path& destination) {
        Around around{hex(*git_commit_id(found.head.get())), git_commit_time(found.head.get()),
                      std::move(found.tracked), std::move(found.ignored)};
        Reach reach(found.top);
        for (IndexFile& file : around.index) {
            if (file.mode == GIT_FILEMODE_COMMIT || !reach(file.path)) continue;
            TRY(copy_one(found.top, file.path, prefix, destination));
            if (file.state == FileState::changed) continue;
            const fs::path copied = destination / file.path;
            if (file.mode != GIT_FILEMODE_LINK &&
                ::chmod(copied.c_str(), file.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644) !=
                    0)
                return errno_error(copied.string(), "its mode cannot be set");
            TRY(set_time(copied, around.time));
        }
        for (const std::string& path : found.untracked)
            if (is_kept(found.top, path, keep_))
                TRY(copy_one(found.top, path, prefix, destination));
        for (const auto& [path, url] : found.empty_submodules) {
            gaps_.push_back({GitGap::Kind::submodule, prefix + path, url});
            TRY(make_directories(destination / path));
        }
        for (auto& [path, inner] : found.inner) {
            TRY(make_directories(destination / path));
            TRY(copy(inner, prefix + path + "/", destination / path));
        }
        return write_repository(found.repository.get(), around, destination);
    }

 private:
    Result<void> copy_one(const fs::path& top, const std::string& path, const std::string& prefix,
                          const fs::path& destination) {
        const fs::path from = top / path;
        const fs::path to = destination / path;
        std::error_code error;
        TRY(make_directories(to.parent_path()));
        if (!fs::is_symlink(from, error)) return dba::copy_file(from, to);
        const std::string target = fs::read_symlink(from, error).string();
        if (leads_out(fs::path(prefix + path).parent_path().string(), target))
            gaps_.push_back({GitGap::Kind::link, prefix + path, target});
        if (is_there(to)) return {};  // with all of the directory
        if (::symlink(target.c_str(), to.c_str()) != 0)
            return errno_error(to.string(), "cannot be created");
        return {};
    }

    fs::path directory_;
    const GitKeep& keep_;
    std::vector<GitGap>& gaps_;
};

// libgit2 opens what it knows all extensions of; these change nothing in what is read here.
Result<std::optional<Repository>> opened(const fs::path& directory) {
    git_repository* raw = nullptr;
    const int result =
        git_repository_open_ext(&raw, directory.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
    if (result == GIT_ENOTFOUND) return std::nullopt;
    if (result == 0) return Repository(raw);
    const std::string why = message();
    const bool references = why.find("refstorage") != std::string::npos;
    return system_error(directory.string(), "its repository cannot be opened: " + why,
                        references ? "git refs migrate --ref-format=files" : "");
}

// A directory that a repository ignores only happens to lie in it.
bool is_part_of(git_repository* repository, const fs::path& directory) {
    const std::string path = below(directory, top_of(repository));
    if (path.empty()) return true;
    git_index* raw = nullptr;
    if (git_repository_index(&raw, repository) != 0) return true;  // whoever reads it says so
    const Index index(raw);
    if (git_index_find_prefix(nullptr, raw, (path + "/").c_str()) == 0) return true;
    int ignored = 0;
    return git_ignore_path_is_ignored(&ignored, repository, (path + "/").c_str()) != 0 ||
           ignored == 0;
}

}  // namespace

Result<std::optional<Repository>> open_around(const fs::path& directory) {
    TRY_ASSIGN(auto repository, opened(directory));
    if (!repository || git_repository_is_bare(repository->get()) != 0) return std::nullopt;
    const int unborn = git_repository_head_unborn(repository->get());
    if (unborn == 1) return std::nullopt;
    if (unborn < 0)
        return system_error(directory.string(), "its HEAD cannot be read: " + message());
    std::error_code error;
    const fs::path real = fs::canonical(directory, error);
    if (!is_part_of(repository->get(), error ? directory : real)) return std::nullopt;
    return repository;
}

Result<Commit> head_commit(git_repository* repository) {
    git_oid id;
    git_commit* raw = nullptr;
    if (git_reference_name_to_id(&id, repository, "HEAD") != 0 ||
        git_commit_lookup(&raw, repository, &id) != 0)
        return system_error(top_of(repository).string(), "its HEAD is no commit: " + message());
    return Commit(raw);
}

Result<bool> is_dirty(git_repository* repository) {
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED;
    git_status_list* raw = nullptr;
    if (git_status_list_new(&raw, repository, &options) != 0)
        return Failure(unreadable(repository, "what changed in it cannot be told"));
    const StatusList list(raw);
    git_index* index_raw = nullptr;
    if (git_repository_index(&index_raw, repository) != 0)
        return Failure(unreadable(repository, "its index cannot be read"));
    const Index index(index_raw);
    for (std::size_t i = 0; i < git_status_list_entrycount(raw); ++i) {
        const git_status_entry* entry = git_status_byindex(raw, i);
        // libgit2 misses what a sparse work tree leaves out.
        if (entry->status != GIT_STATUS_WT_DELETED) return true;
        const git_index_entry* tracked =
            git_index_get_bypath(index_raw, entry->index_to_workdir->old_file.path, 0);
        if (tracked == nullptr || (tracked->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) == 0)
            return true;
    }
    return false;
}

GitHistory history_of(git_repository* repository, git_commit* commit) {
    return {packed_tags(repository, commit), git_repository_is_shallow(repository) != 0,
            fs::path(git_repository_commondir(repository)) / "objects"};
}

Result<GitSnapshot> snapshot(git_repository* repository, const fs::path& directory,
                             const GitKeep& keep) {
    TRY_ASSIGN(auto around, opened(top_of(repository)));
    TRY_ASSIGN(const Scan found, scan(std::move(*around)));
    GitSnapshot snapshot;
    snapshot.top = found.top;
    snapshot.subdir = below(directory, found.top);
    snapshot.history = history_of(repository, found.head.get());
    std::string text;
    describe_files(found, "", directory, keep, snapshot, text);
    TRY_ASSIGN(const auto entries, list_tree(directory, "", true, [&](const fs::path& relative) {
                   return keep(directory, relative);
               }));
    for (const LayerEntry& entry : entries)
        if (entry.kind != EntryKind::directory)
            snapshot.files.push_back((snapshot.subdir / fs::path(entry.path.substr(1))).string());
    std::sort(snapshot.files.begin(), snapshot.files.end());
    snapshot.files.erase(std::unique(snapshot.files.begin(), snapshot.files.end()),
                         snapshot.files.end());
    snapshot.digest = sha256_hex(text + digest_of(entries));
    return snapshot;
}

Result<std::vector<GitGap>> copy_worktree(git_repository* repository, const fs::path& directory,
                                          const GitKeep& keep, const fs::path& destination) {
    TRY_ASSIGN(auto around, opened(top_of(repository)));
    TRY_ASSIGN(Scan found, scan(std::move(*around)));
    const fs::path inside = destination / below(directory, found.top);
    TRY(make_directories(inside.parent_path()));
    TRY(copy_tree(directory, inside,
                  [&](const fs::path& relative) { return keep(directory, relative); }));
    std::vector<GitGap> gaps;
    TRY(Copier(directory, keep, gaps).copy(found, "", destination));
    return gaps;
}

}  // namespace dba::git
