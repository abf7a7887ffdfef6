#include "system/git/export.hpp"

#include "formats/text/text.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree_writer.hpp"
#include "system/git/around.hpp"
#include "system/git/convert.hpp"
#include "system/git/paths.hpp"
#include "system/git/reference.hpp"
#include "system/git/remote.hpp"
#include "system/git/submodules.hpp"
#include "system/process/process.hpp"

namespace dba::git {
namespace {

bool is_safe_component(const std::string& name) {
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
        return false;
    return text::lower(name) != ".git";
}

std::string joined(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
}

// Where in the outermost destination a submodule lies ("" = it is the outermost).
struct Place {
    std::string inside;
    int depth = 0;  // of submodules in submodules
};

Result<void> export_to(const GitExport& what, const Place& place, std::vector<GitGap>& gaps);

class Exporter {
 public:
    Exporter(const GitExport& what, Place place, git_repository* repository, git_commit* commit,
             TreeWriter tree, std::vector<GitGap>& gaps)
        : what_(what),
          place_(std::move(place)),
          repository_(repository),
          commit_(commit),
          around_{what.commit, git_commit_time(commit), {}, {}},
          tree_(std::move(tree)),
          gaps_(gaps) {}

    Result<void> run() {
        git_tree* raw = nullptr;
        if (git_commit_tree(&raw, commit_) != 0)
            return system_error(what_.commit, "its tree cannot be read: " + message());
        Tree tree(raw);
        TRY_ASSIGN(const auto text, read_blob(repository_, tree.get(), ".gitmodules"));
        if (text) {
            // Of a repository that asks for no submodules, a bad one is no reason to stop.
            auto parsed = parse_gitmodules(*text);
            if (what_.submodules && !parsed) return Failure(std::move(parsed).error());
            submodules_ = std::move(parsed).value_or(submodules_);
        }
        TRY(enter(tree.get(), ""));
        TRY(write_entries(tree.get(), "", true));
        return what_.repository ? write_repository(repository_, around_, what_.destination)
                                : Result<void>();
    }

 private:
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

    // With `write` off, the files are only noted as tracked and left out.
    Result<void> write_entries(git_tree* tree, const std::string& path, bool write) {
        for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
            const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
            const std::string name = git_tree_entry_name(entry);
            const std::string to = joined(path, name);
            if (!is_safe_component(name))
                return bad_input(shown(to), "has a name that no file in a repository may have");
            const git_filemode_t mode = git_tree_entry_filemode(entry);
            const bool directory = mode == GIT_FILEMODE_TREE || mode == GIT_FILEMODE_COMMIT;
            const Attributes attributes = attributes_.lookup(to, directory);
            const auto ignored = attributes.find("export-ignore");
            const bool exported = write && (what_.checkout || ignored == attributes.end() ||
                                            ignored->second != "true");
            if (!exported && !what_.repository) continue;
            if (mode == GIT_FILEMODE_TREE) {
                TRY(write_directory(*git_tree_entry_id(entry), to, exported));
                continue;
            }
            IndexFile file{to, mode, *git_tree_entry_id(entry), FileState::left_out, 0};
            if (exported) {
                file.state = FileState::as_recorded;
                if (mode == GIT_FILEMODE_COMMIT)
                    TRY(write_submodule(hex(file.id), to));
                else if (mode == GIT_FILEMODE_LINK)
                    TRY(write_link(path, file));
                else
                    TRY(write_file_entry(attributes, file));
            }
            around_.index.push_back(std::move(file));
        }
        return {};
    }

    Result<void> write_directory(const git_oid& id, const std::string& path, bool write) {
        git_tree* raw = nullptr;
        if (git_tree_lookup(&raw, repository_, &id) != 0)
            return system_error(shown(path), "cannot be read from the repository: " + message());
        const Tree tree(raw);
        // Also when nothing in it is exported: `git archive` keeps it.
        if (write) TRY(tree_.make_directory(path, 0755));
        TRY(enter(raw, path));
        TRY(write_entries(raw, path, write));
        attributes_.leave();
        return {};
    }

    Result<void> write_link(const std::string& directory, IndexFile& file) {
        TRY_ASSIGN(const std::string target, blob_bytes(file.id, shown(file.path)));
        if (leads_out(joined(place_.inside, directory), target))
            gaps_.push_back({GitGap::Kind::link, shown(file.path), target});
        file.size = target.size();
        return tree_.make_symlink(file.path, target);
    }

    Result<void> write_file_entry(const Attributes& attributes, IndexFile& file) {
        const std::string name = shown(file.path);
        TRY_ASSIGN(std::string bytes, blob_bytes(file.id, name));
        TRY_ASSIGN(bytes, convert(std::move(bytes), attributes, file.id, name));
        std::string written = bytes;
        if (!what_.checkout) {
            TRY_ASSIGN(written,
                       substitute(bytes, attributes, repository_, commit_, what_.names, name));
        }
        if (written != bytes) file.state = FileState::assumed;
        file.size = written.size();
        return tree_.make_file(file.path, file.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0755 : 0644,
                               [&](const TreeWriter::Sink& sink) { return sink(written); });
    }

    // An empty directory, as `git archive` has it, or the submodule's own tree.
    Result<void> write_submodule(const std::string& commit, const std::string& path) {
        const auto found = submodules_.find(path);
        if (!what_.submodules) {
            gaps_.push_back({GitGap::Kind::submodule, shown(path),
                             found == submodules_.end() ? "" : redact_urls(found->second.url)});
            return tree_.make_directory(path, 0755);
        }
        if (found == submodules_.end())
            return bad_input(shown(path), "is a submodule that .gitmodules does not name",
                             "add its url, or remove it from the repository");
        if (place_.depth >= 10)
            return bad_input(shown(path), "is the tenth submodule inside a submodule");
        TRY_ASSIGN(const std::string url, submodule_url(found->second, commit));
        TRY(tree_.make_directory(path, 0755));
        return export_to(
            {what_.bare_cache / "modules" / sha256_hex(url).substr(0, 16), url, commit, true,
             what_.repository, what_.names, what_.destination / path, what_.checkout},
            {shown(path), place_.depth + 1}, gaps_);
    }

    // The repository of a submodule. One on this machine may already hold it below .git/modules,
    // or its relative URLs may be meant from the address it was itself cloned from.
    Result<std::string> submodule_url(const Submodule& submodule, const std::string& commit) {
        const std::string url = resolve_submodule_url(what_.url, submodule.url);
        const auto outer = local_repository(what_.url);
        if (!outer) return url;
        const fs::path kept =
            fs::path(git_repository_commondir(repository_)) / "modules" / submodule.name;
        git_repository* raw = nullptr;
        if (submodule.name.find("..") == std::string::npos &&
            git_repository_open_bare(&raw, kept.c_str()) == 0) {
            const Repository repository(raw);
            if (find_commit(raw, commit)) return kept.string();
        }
        const auto inner = local_repository(url);
        if (url == submodule.url || !inner || path_exists(*inner)) return url;
        git_remote* remote_raw = nullptr;
        if (git_remote_lookup(&remote_raw, repository_, "origin") != 0) return url;
        const Remote remote(remote_raw);
        const char* origin = git_remote_url(remote_raw);
        return origin == nullptr ? url : resolve_submodule_url(origin, submodule.url);
    }

    // A path as errors name it.
    [[nodiscard]] std::string shown(const std::string& path) const {
        return joined(place_.inside, path);
    }

    const GitExport& what_;
    const Place place_;
    git_repository* repository_;
    git_commit* commit_;
    AttributeStack attributes_;
    std::map<std::string, Submodule> submodules_;
    Around around_;
    TreeWriter tree_;
    std::vector<GitGap>& gaps_;
};

// Where the commit is: in the repository on this machine, in the cache, or still at the remote.
Result<Repository> open_source(const GitExport& what) {
    if (const auto path = local_repository(what.url)) return open_local(*path);
    git_repository* raw = nullptr;
    if (git_repository_open_bare(&raw, what.bare_cache.c_str()) == 0) {
        Repository cache(raw);
        if (find_commit(raw, what.commit)) return cache;
    }
    return fetch(what.url, what.commit, what.bare_cache);
}

Result<void> export_to(const GitExport& what, const Place& place, std::vector<GitGap>& gaps) {
    TRY_ASSIGN(const Repository repository, open_source(what));
    const Commit commit = find_commit(repository.get(), what.commit);
    if (!commit)
        return bad_input(redact_urls(what.url), "does not hold the commit " + what.commit,
                         place.depth > 0 ? "push the submodule's commit to its repository" : "");
    TRY(make_directories(what.destination));
    TRY_ASSIGN(TreeWriter tree,
               TreeWriter::open(what.destination, "the commit " + what.commit,
                                static_cast<std::int64_t>(git_commit_time(commit.get()))));
    return Exporter(what, place, repository.get(), commit.get(), std::move(tree), gaps).run();
}

// A path in a submodule is none of this repository's.
Result<void> refuse_submodule(git_repository* repository, git_tree* tree, const std::string& path) {
    std::string at;
    for (const auto& part : fs::path(path)) {
        at = joined(at, part.string());
        git_tree_entry* raw = nullptr;
        if (git_tree_entry_bypath(&raw, tree, at.c_str()) != 0) return {};
        const TreeEntry entry(raw);
        if (git_tree_entry_filemode(raw) != GIT_FILEMODE_COMMIT) continue;
        std::string url = "the one that .gitmodules names";
        if (const auto text = read_blob(repository, tree, ".gitmodules"); text && *text) {
            const auto declared = parse_gitmodules(**text);
            if (declared && declared->contains(at)) url = redact_urls(declared->at(at).url);
        }
        return bad_input(path, "lies in the submodule " + at,
                         "package it from its own repository, " + url);
    }
    return {};
}

}  // namespace

bool leads_out(const std::string& directory, const std::string& target) {
    if (target.starts_with('/')) return true;
    const auto end = (fs::path(directory) / target).lexically_normal();
    return !end.empty() && *end.begin() == "..";
}

Result<std::vector<GitGap>> export_tree(const GitExport& what) {
    std::vector<GitGap> gaps;
    TRY(export_to(what, {}, gaps));
    return gaps;
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
    static constexpr int links_at_most = 8;
    std::string at = fs::path(path).lexically_normal().string();
    for (int links = 0; links < links_at_most; ++links) {
        TRY(refuse_submodule(repository, tree, at));
        git_tree_entry* raw_entry = nullptr;
        const int found = git_tree_entry_bypath(&raw_entry, tree, at.c_str());
        if (found == GIT_ENOTFOUND) return std::nullopt;
        if (found != 0)
            return system_error(path, "cannot be read from the repository: " + message());
        const TreeEntry entry(raw_entry);
        if (git_tree_entry_type(raw_entry) != GIT_OBJECT_BLOB) return std::nullopt;
        git_blob* raw = nullptr;
        if (git_blob_lookup(&raw, repository, git_tree_entry_id(raw_entry)) != 0)
            return system_error(path, "cannot be read from the repository: " + message());
        const Blob blob(raw);
        std::string bytes(static_cast<const char*>(git_blob_rawcontent(raw)),
                          static_cast<std::size_t>(git_blob_rawsize(raw)));
        if (git_tree_entry_filemode(raw_entry) != GIT_FILEMODE_LINK) return bytes;
        const std::string directory = fs::path(at).parent_path().string();
        if (leads_out(directory, bytes)) return std::nullopt;
        at = (fs::path(directory) / bytes).lexically_normal().string();
    }
    return std::nullopt;
}

}  // namespace dba::git
