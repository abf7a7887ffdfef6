#include "system/git/around.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>

#include "system/files/files.hpp"
#include "system/git/reference.hpp"
#include "system/process/descriptor.hpp"

namespace dba::git {
namespace {

// checkStat: size and time tell whether a file is as recorded, so that a copy of the files is, too.
// abbrev: git's own choice goes by the number of objects, which differs from clone to clone.
constexpr std::string_view configuration =
    "[core]\n"
    "\trepositoryformatversion = 0\n"
    "\tfilemode = true\n"
    "\tbare = false\n"
    "\tabbrev = 7\n"
    "\tlogallrefupdates = false\n"
    "\tcheckStat = minimal\n"
    "\ttrustctime = false\n"
    "[gc]\n"
    "\tauto = 0\n";

struct Tag {
    std::string id;      // of the tag object, or of the commit that a lightweight tag names
    std::string commit;  // that it leads to
};

std::map<std::string, Tag> tags_of(git_repository* repository) {
    std::map<std::string, Tag> tags;
    each_reference(repository, "refs/tags/*", [&](git_reference* reference) {
        git_object* peeled = nullptr;
        const git_oid* target = git_reference_target(reference);
        if (target == nullptr || git_reference_peel(&peeled, reference, GIT_OBJECT_COMMIT) != 0)
            return;
        const Object commit(peeled);
        tags[git_reference_name(reference)] = {hex(*target), hex(*git_object_id(peeled))};
    });
    return tags;
}

// Takes away from `wanted` all commits that the history of `commit` holds, as far as it is there.
void strike_reachable(git_repository* repository, git_commit* commit,
                      std::set<std::string>& wanted) {
    git_revwalk* raw = nullptr;
    if (git_revwalk_new(&raw, repository) != 0) return;
    const RevisionWalk walk(raw);
    git_oid id;
    int next = git_revwalk_push(raw, git_commit_id(commit));
    while (next == 0 && !wanted.empty() && (next = git_revwalk_next(&id, raw)) == 0)
        wanted.erase(hex(id));
    if (next == 0 || next == GIT_ITEROVER) return;
    // A shallow clone ends somewhere, which libgit2 takes for damage.
    std::set<std::string> seen{hex(*git_commit_id(commit))};
    std::vector<std::string> open(seen.begin(), seen.end());
    while (!open.empty() && !wanted.empty()) {
        const Commit here = find_commit(repository, open.back());
        open.pop_back();
        if (!here) continue;
        wanted.erase(hex(*git_commit_id(here.get())));
        for (unsigned i = 0; i < git_commit_parentcount(here.get()); ++i) {
            std::string parent = hex(*git_commit_parent_id(here.get(), i));
            if (seen.insert(parent).second) open.push_back(std::move(parent));
        }
    }
}

// gitignore(5): a pattern that matches this path alone.
std::string ignore_pattern(const std::string& path) {
    std::string pattern = "/";
    for (const char c : path) {
        if (std::string_view("*?[]\\ ").find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern;
}

Result<void> write_index(const Around& around, const fs::path& file) {
    std::vector<const IndexFile*> sorted;
    for (const IndexFile& entry : around.index) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(),
              [](const IndexFile* a, const IndexFile* b) { return a->path < b->path; });
    git_index* raw = nullptr;
    if (git_index_open(&raw, file.c_str()) != 0)
        return system_error(file.string(), "cannot be made: " + message());
    const Index index(raw);
    for (const IndexFile* entry : sorted) {
        git_index_entry written{};
        written.path = entry->path.c_str();
        written.mode = entry->mode;
        written.id = entry->id;
        if (entry->state == FileState::as_recorded || entry->state == FileState::assumed) {
            written.mtime.seconds = static_cast<std::int32_t>(around.time);
            written.file_size = static_cast<std::uint32_t>(entry->size);
        }
        if (entry->state == FileState::assumed) written.flags |= GIT_INDEX_ENTRY_VALID;
        if (entry->state == FileState::left_out) {
            written.flags |= GIT_INDEX_ENTRY_EXTENDED;
            written.flags_extended |= GIT_INDEX_ENTRY_SKIP_WORKTREE;
        }
        if (git_index_add(raw, &written) != 0)
            return system_error(file.string(), entry->path + " cannot be added: " + message());
    }
    if (git_index_write(raw) != 0)
        return system_error(file.string(), "cannot be written: " + message());
    return {};
}

}  // namespace

Result<void> set_time(const fs::path& file, std::int64_t time) {
    const timespec value{time, 0};
    const timespec both[]{value, value};
    if (::utimensat(AT_FDCWD, file.c_str(), both, AT_SYMLINK_NOFOLLOW) != 0)
        return errno_error(file.string(), "its time cannot be set");
    return {};
}

std::string packed_tags(git_repository* repository, git_commit* commit) {
    const auto tags = tags_of(repository);
    std::set<std::string> unreachable;
    if (commit != nullptr) {
        for (const auto& [name, tag] : tags) unreachable.insert(tag.commit);
        strike_reachable(repository, commit, unreachable);
    }
    std::string text = "# pack-refs with: peeled fully-peeled sorted \n";
    for (const auto& [name, tag] : tags) {
        if (unreachable.contains(tag.commit)) continue;
        text.append(tag.id).append(" ").append(name).append("\n");
        if (tag.id != tag.commit) text.append("^").append(tag.commit).append("\n");
    }
    return text;
}

Result<void> write_repository(git_repository* from, const Around& around,
                              const fs::path& directory) {
    const Commit commit = find_commit(from, around.commit);
    if (!commit) return system_error(around.commit, "cannot be read: " + message());
    const fs::path common = git_repository_commondir(from);
    const fs::path git = directory / ".git";
    for (const char* name : {"objects/info", "refs/heads", "refs/tags", "info"})
        TRY(make_directories(git / name));
    TRY(write_file(git / "HEAD", around.commit + "\n"));
    TRY(write_file(git / "config", configuration));
    TRY(write_file(git / "packed-refs", packed_tags(from, commit.get())));
    TRY(write_file(git / "objects/info/alternates",
                   (fs::absolute(common).lexically_normal() / "objects").string() + "\n"));
    if (git_repository_is_shallow(from) != 0) {
        TRY_ASSIGN(const std::string boundary, read_file(common / "shallow"));
        TRY(write_file(git / "shallow", boundary));
    }
    std::string hidden;
    for (const std::string& path : around.hide) hidden += ignore_pattern(path) + "\n";
    TRY(write_file(git / "info/exclude", hidden));
    return write_index(around, git / "index");
}

}  // namespace dba::git
