#include "system/git/export.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/git/convert.hpp"
#include "system/git/reference.hpp"
#include "system/git/remote.hpp"
#include "system/git/submodules.hpp"
#include "system/process/descriptor.hpp"
#include "system/process/process.hpp"

namespace dba::git {
namespace {

// Not write_file: thousands of fsync calls would take longer than all the rest, and a store
// directory is not in place before it is complete.
Result<void> write_new(const fs::path& file, const std::string& bytes, unsigned mode) {
    const Descriptor out(
        ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!out) return errno_error(file.string(), "cannot be created");
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t n = ::write(out.get(), bytes.data() + done, bytes.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_error(file.string(), "cannot be written");
        done += static_cast<std::size_t>(n);
    }
    if (::fchmod(out.get(), mode) != 0) return errno_error(file.string(), "its mode cannot be set");
    return {};
}

bool is_safe_component(const std::string& name) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
        return false;
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower != ".git";
}

// Whether a link in `directory` ("a/b" below the root) to `target` ends outside the root.
bool leads_out(const std::string& directory, const std::string& target) {
    if (target.starts_with('/')) return true;
    const auto end = (fs::path(directory) / target).lexically_normal();
    return !end.empty() && *end.begin() == "..";
}

bool is_lfs_pointer(std::string_view bytes) {
    return bytes.size() < 1024 && bytes.starts_with("version https://git-lfs.github.com/spec/");
}

std::string joined(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
}

class Exporter {
 public:
    Exporter(const Export& what, git_repository* repository, git_commit* commit)
        : what_(what), repository_(repository), commit_(commit) {}

    Result<void> run() {
        git_tree* raw = nullptr;
        if (git_commit_tree(&raw, commit_) != 0)
            return system_error(what_.commit, "its tree cannot be read: " + message());
        Tree tree(raw);
        if (what_.submodules) {
            TRY_ASSIGN(const auto text, read_blob(repository_, tree.get(), ".gitmodules"));
            if (text) {
                TRY_ASSIGN(submodules_, parse_gitmodules(*text));
            }
        }
        TRY(enter(tree.get(), ""));
        std::string above;
        for (const auto& part : fs::path(what_.subdir).lexically_normal()) {
            if (part.empty() || part == ".") continue;
            TRY_ASSIGN(tree, subtree(tree.get(), part.string()));
            above = joined(above, part.string());
            TRY(enter(tree.get(), above));
        }
        TRY(make_directories(what_.destination));
        return write_entries(tree.get(), above, "");
    }

 private:
    Result<Tree> subtree(git_tree* tree, const std::string& name) {
        const git_tree_entry* entry = git_tree_entry_byname(tree, name.c_str());
        git_tree* raw = nullptr;
        if (entry == nullptr || git_tree_entry_type(entry) != GIT_OBJECT_TREE ||
            git_tree_lookup(&raw, repository_, git_tree_entry_id(entry)) != 0)
            return bad_input(what_.subdir,
                             "is no directory of the commit " + what_.commit.substr(0, 12),
                             "GIT_SUBDIR is a path inside the repository");
        return Tree(raw);
    }

    Result<void> enter(git_tree* tree, const std::string& path) {
        const git_tree_entry* entry = git_tree_entry_byname(tree, ".gitattributes");
        std::string text;
        // A symbolic link of that name is not followed (gitattributes(5)).
        if (entry != nullptr && git_tree_entry_type(entry) == GIT_OBJECT_BLOB &&
            git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK) {
            TRY_ASSIGN(text, blob_bytes(*git_tree_entry_id(entry), joined(path, ".gitattributes")));
        }
        attributes_.enter(path, text);
        return {};
    }

    Result<std::string> blob_bytes(const git_oid& id, const std::string& name) {
        git_blob* raw = nullptr;
        if (git_blob_lookup(&raw, repository_, &id) != 0)
            return system_error(name, "cannot be read from the repository: " + message(),
                                "a partial clone lacks files: clone it whole");
        const Blob blob(raw);
        return std::string(static_cast<const char*>(git_blob_rawcontent(raw)),
                           static_cast<std::size_t>(git_blob_rawsize(raw)));
    }

    // `path` is the directory in the repository, `out` the one below the destination.
    Result<void> write_entries(git_tree* tree, const std::string& path, const std::string& out) {
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
            const std::string name = git_tree_entry_name(entry);
            const std::string from = joined(path, name);
            const std::string to = joined(out, name);
            if (!is_safe_component(name))
                return bad_input(shown(to), "has a name that no file in a repository may have");
            const git_filemode_t mode = git_tree_entry_filemode(entry);
            const bool directory = mode == GIT_FILEMODE_TREE || mode == GIT_FILEMODE_COMMIT;
            const Attributes attributes = attributes_.lookup(from, directory);
            const auto ignored = attributes.find("export-ignore");
            if (ignored != attributes.end() && ignored->second == "true") continue;
            if (mode == GIT_FILEMODE_TREE) {
                TRY(write_directory(*git_tree_entry_id(entry), from, to));
                continue;
            }
            if (mode == GIT_FILEMODE_COMMIT)
                TRY(write_submodule(hex(*git_tree_entry_id(entry)), from, to));
            else if (mode == GIT_FILEMODE_LINK)
                TRY(write_link(*git_tree_entry_id(entry), out, to));
            else
                TRY(write_file_entry(entry, attributes, to));
        }
        return {};
    }

    Result<void> write_directory(const git_oid& id, const std::string& from,
                                 const std::string& to) {
        git_tree* raw = nullptr;
        if (git_tree_lookup(&raw, repository_, &id) != 0)
            return system_error(shown(to), "cannot be read from the repository: " + message());
        const Tree tree(raw);
        // Also when nothing in it is exported: `git archive` keeps it.
        TRY(make_directories(what_.destination / to));
        TRY(enter(raw, from));
        TRY(write_entries(raw, from, to));
        attributes_.leave();
        return {};
    }

    Result<void> write_link(const git_oid& id, const std::string& out, const std::string& to) {
        TRY_ASSIGN(const std::string target, blob_bytes(id, shown(to)));
        if (leads_out(joined(what_.inside, out), target))
            return bad_input(shown(to), "is a symbolic link to " + target + ", outside the source",
                             "a package cannot hold what it leads to: make it a file, or mark it "
                             "export-ignore in .gitattributes");
        const fs::path link = what_.destination / to;
        if (::symlink(target.c_str(), link.c_str()) != 0)
            return errno_error(link.string(), "cannot be created");
        return {};
    }

    Result<void> write_file_entry(const git_tree_entry* entry, const Attributes& attributes,
                                  const std::string& to) {
        const git_oid& id = *git_tree_entry_id(entry);
        TRY_ASSIGN(std::string bytes, blob_bytes(id, shown(to)));
        if (is_lfs_pointer(bytes))
            return bad_input(shown(to),
                             "is a Git LFS pointer: the file itself is not in the repository",
                             "commit the file itself (git lfs migrate export), or mark it "
                             "export-ignore in .gitattributes");
        TRY_ASSIGN(bytes,
                   convert(std::move(bytes), attributes, repository_, commit_, id, shown(to)));
        const bool executable = git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE;
        return write_new(what_.destination / to, bytes, executable ? 0755 : 0644);
    }

    // An empty directory, as `git archive` has it, or the submodule's own tree.
    Result<void> write_submodule(const std::string& commit, const std::string& from,
                                 const std::string& to) {
        if (!what_.submodules) return make_directories(what_.destination / to);
        const auto found = submodules_.find(from);
        if (found == submodules_.end())
            return bad_input(shown(to), "is a submodule that .gitmodules does not name",
                             "add its url, or remove it from the repository");
        if (what_.depth >= 10)
            return bad_input(shown(to), "is the tenth submodule inside a submodule");
        TRY_ASSIGN(const std::string url, submodule_url(found->second, commit));
        return export_tree({what_.bare_cache / "modules" / sha256_hex(url).substr(0, 16), url,
                            commit, "", true, what_.destination / to, joined(what_.inside, to),
                            what_.depth + 1});
    }

    // The repository of a submodule. One on this machine may already hold it below .git/modules,
    // or its relative URLs may be meant from the address it was itself cloned from.
    Result<std::string> submodule_url(const Submodule& submodule, const std::string& commit) {
        const std::string url = resolve_submodule_url(what_.url, submodule.url);
        const auto outer = local_path(what_.url);
        if (!outer) return url;
        const fs::path kept =
            fs::path(git_repository_commondir(repository_)) / "modules" / submodule.name;
        git_repository* raw = nullptr;
        if (submodule.name.find("..") == std::string::npos &&
            git_repository_open_bare(&raw, kept.c_str()) == 0) {
            const Repository repository(raw);
            if (find_commit(raw, commit)) return kept.string();
        }
        const auto inner = local_path(url);
        std::error_code ignored;
        if (url == submodule.url || !inner || fs::exists(*inner, ignored)) return url;
        git_remote* remote_raw = nullptr;
        if (git_remote_lookup(&remote_raw, repository_, "origin") != 0) return url;
        const Remote remote(remote_raw);
        const char* origin = git_remote_url(remote_raw);
        return origin == nullptr ? url : resolve_submodule_url(origin, submodule.url);
    }

    // A path as errors name it.
    [[nodiscard]] std::string shown(const std::string& path) const {
        return joined(what_.inside, path);
    }

    const Export& what_;
    git_repository* repository_;
    git_commit* commit_;
    AttributeStack attributes_;
    std::map<std::string, Submodule> submodules_;
};

// Where the commit is: in the repository on this machine, in the cache, or still at the remote.
Result<Repository> open_source(const Export& what) {
    if (const auto path = local_path(what.url)) return open_local(*path);
    git_repository* raw = nullptr;
    if (git_repository_open_bare(&raw, what.bare_cache.c_str()) == 0) {
        Repository cache(raw);
        if (find_commit(raw, what.commit)) return cache;
    }
    return fetch(what.url, what.commit, what.bare_cache);
}

}  // namespace

Result<void> export_tree(const Export& what) {
    TRY_ASSIGN(const Repository repository, open_source(what));
    const Commit commit = find_commit(repository.get(), what.commit);
    if (!commit)
        return bad_input(redact_urls(what.url), "does not hold the commit " + what.commit,
                         what.depth > 0 ? "push the submodule's commit to its repository" : "");
    return Exporter(what, repository.get(), commit.get()).run();
}

Result<Tree> tree_of(git_repository* repository, const std::string& commit,
                     const std::string& subject) {
    const Commit found = find_commit(repository, commit);
    git_tree* tree = nullptr;
    if (!found || git_commit_tree(&tree, found.get()) != 0)
        return bad_input(subject, "does not hold the commit " + commit);
    return Tree(tree);
}

Result<std::optional<std::string>> read_blob(git_repository* repository, git_tree* tree,
                                             const std::string& path) {
    git_tree_entry* raw_entry = nullptr;
    const int found =
        git_tree_entry_bypath(&raw_entry, tree, fs::path(path).lexically_normal().c_str());
    if (found == GIT_ENOTFOUND) return std::nullopt;
    if (found != 0) return system_error(path, "cannot be read from the repository: " + message());
    const TreeEntry entry(raw_entry);
    if (git_tree_entry_type(raw_entry) != GIT_OBJECT_BLOB) return std::nullopt;
    git_blob* raw = nullptr;
    if (git_blob_lookup(&raw, repository, git_tree_entry_id(raw_entry)) != 0)
        return system_error(path, "cannot be read from the repository: " + message());
    const Blob blob(raw);
    return std::string(static_cast<const char*>(git_blob_rawcontent(raw)),
                       static_cast<std::size_t>(git_blob_rawsize(raw)));
}

}  // namespace dba::git
