#include "system/git/git.hpp"

#include <iterator>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/git/export.hpp"
#include "system/git/handles.hpp"
#include "system/git/paths.hpp"
#include "system/git/reference.hpp"
#include "system/git/remote.hpp"
#include "system/git/uncommitted.hpp"
#include "system/git/worktree.hpp"
#include "system/process/environment.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using namespace git;

// Where the cache of a repository on this machine says which one it stands for: such a
// repository is read in place.
constexpr const char* stand_in = "local-repository";

bool could_be_id(const std::string& reference) {
    return reference.size() >= 7 && reference.size() <= 40 && text::all_of(reference, text::is_hex);
}

class Libgit2 final : public Git {
 public:
    Libgit2() {
        git_libgit2_init();
        // A repository of another user (a checkout mounted into a container) may be read: nothing
        // that its configuration names is ever executed here, which is what the check is for.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        // They change nothing in how a repository is read: partial clones, sparse work trees, links
        // between work trees. What a partial clone lacks is named when it is asked for.
        static const char* extensions[] = {"partialclone", "worktreeconfig", "preciousobjects",
                                           "relativeworktrees"};
        git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, std::size(extensions));
        std::string file = own_variable("SSL_CERT_FILE");
        const std::string directory = own_variable("SSL_CERT_DIR");
        const char* system = "/etc/ssl/certs/ca-certificates.crt";
        if (file.empty() && directory.empty() && path_exists(system)) file = system;
        if (!file.empty() || !directory.empty())
            git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file.empty() ? nullptr : file.c_str(),
                             directory.empty() ? nullptr : directory.c_str());
    }
    ~Libgit2() override { git_libgit2_shutdown(); }
    Libgit2(const Libgit2&) = delete;
    Libgit2& operator=(const Libgit2&) = delete;

    Result<GitCommit> resolve(const std::string& url, const std::string& reference,
                              const fs::path& bare_cache) override {
        const std::string shown = redact_urls(url);
        if (const auto path = local_repository(url)) {
            TRY_ASSIGN(const Repository repository, open_local(*path));
            TRY(make_directories(bare_cache));
            TRY(write_if_changed(bare_cache / stand_in, path->string()));
            return resolve_reference(repository.get(), reference, shown);
        }
        TRY(remove_tree(bare_cache / stand_in));
        if (could_be_id(reference)) {
            TRY_ASSIGN(const Repository cache, open_cache(bare_cache));
            if (auto known = resolve_reference(cache.get(), reference, shown);
                known && known->branch.empty() && known->id.starts_with(reference))
                return known;
        }
        TRY_ASSIGN(const Repository cache, git::fetch(url, reference, bare_cache));
        return resolve_reference(cache.get(), reference, shown);
    }

    Result<std::optional<std::string>> read(const fs::path& bare_cache, const std::string& commit,
                                            const std::string& path) override {
        TRY_ASSIGN(const Repository repository, open_known(bare_cache));
        TRY_ASSIGN(const Tree tree, tree_of(repository.get(), commit, bare_cache.string()));
        return read_blob(repository.get(), tree.get(), path);
    }

    Result<std::vector<GitGap>> export_tree(const GitExport& what) override {
        return git::export_tree(what);
    }

    Result<GitHistory> history(const fs::path& bare_cache, const std::string& commit) override {
        TRY_ASSIGN(const Repository repository, open_known(bare_cache));
        const Commit found = find_commit(repository.get(), commit);
        if (!found) return bad_input(bare_cache.string(), "does not hold the commit " + commit);
        return history_of(repository.get(), found.get());
    }

    Result<std::optional<GitWorktree>> worktree(const fs::path& directory) override {
        TRY_ASSIGN(const auto around, open_around(directory));
        if (!around) return std::nullopt;
        git_repository* repository = around->get();
        TRY_ASSIGN(const Commit commit, head_commit(repository));
        GitWorktree found;
        found.top = fs::path(git_repository_workdir(repository)).lexically_normal().parent_path();
        found.head = describe(repository, commit.get());
        git_reference* head = nullptr;
        if (git_repository_head(&head, repository) == 0) {
            const Reference reference(head);
            if (git_reference_is_branch(head) != 0)
                found.head.branch = git_reference_shorthand(head);
        }
        TRY_ASSIGN(found.dirty, is_dirty(repository));
        return found;
    }

    Result<std::optional<GitSnapshot>> snapshot(const fs::path& directory,
                                                const GitKeep& keep) override {
        TRY_ASSIGN(const auto around, open_around(directory));
        if (!around) return std::nullopt;
        TRY_ASSIGN(auto found, git::snapshot(around->get(), real_path(directory), keep));
        return found;
    }

    Result<std::vector<GitGap>> copy_worktree(const fs::path& directory, const GitKeep& keep,
                                              const fs::path& destination) override {
        TRY_ASSIGN(const auto around, open_around(directory));
        if (!around) return bad_input(directory.string(), "is in no repository");
        return git::copy_worktree(around->get(), real_path(directory), keep, destination);
    }

    Result<bool> holds(const fs::path& top, const std::string& commit,
                       const std::string& directory) override {
        TRY_ASSIGN(const Repository repository, open_local(top));
        return git::holds(repository.get(), commit, directory);
    }

    Result<GitUncommitted> uncommitted(const fs::path& top,
                                       const std::vector<std::string>& paths) override {
        TRY_ASSIGN(const Repository repository, open_local(top));
        return git::uncommitted(repository.get(), paths);
    }

 private:
    static Result<Repository> open_known(const fs::path& bare_cache) {
        if (const auto path = read_file(bare_cache / stand_in)) return open_local(*path);
        git_repository* raw = nullptr;
        if (git_repository_open_bare(&raw, bare_cache.c_str()) != 0)
            return system_error(bare_cache.string(), "is no git cache: " + message());
        return Repository(raw);
    }

    // libgit2 names a work tree by its real path.
    static fs::path real_path(const fs::path& directory) {
        std::error_code error;
        const fs::path real = fs::canonical(directory, error);
        return error ? directory : real;
    }
};

}  // namespace

std::unique_ptr<Git> make_libgit2() {
    return std::make_unique<Libgit2>();
}

}  // namespace dba
