#include "system/git/git.hpp"

#include <cstdlib>

#include "system/files/files.hpp"
#include "system/git/export.hpp"
#include "system/git/handles.hpp"
#include "system/git/reference.hpp"
#include "system/git/remote.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using namespace git;

// Where the cache of a repository on this machine says which one it stands for: such a
// repository is read in place.
constexpr const char* stand_in = "local-repository";

bool could_be_id(const std::string& reference) {
    return reference.size() >= 7 && reference.size() <= 40 &&
           reference.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

class Libgit2 final : public Git {
 public:
    Libgit2() {
        git_libgit2_init();
        // A repository of another user (a checkout mounted into a container) may be read: nothing
        // that its configuration names is ever executed here, which is what the check is for.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
        const char* file = std::getenv("SSL_CERT_FILE");
        const char* directory = std::getenv("SSL_CERT_DIR");
        const char* system = "/etc/ssl/certs/ca-certificates.crt";
        std::error_code ignored;
        if (file == nullptr && directory == nullptr && fs::exists(system, ignored)) file = system;
        if (file != nullptr || directory != nullptr)
            git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, directory);
    }
    ~Libgit2() override { git_libgit2_shutdown(); }
    Libgit2(const Libgit2&) = delete;
    Libgit2& operator=(const Libgit2&) = delete;

    Result<GitCommit> resolve(const std::string& url, const std::string& reference,
                              const fs::path& bare_cache) override {
        const std::string shown = redact_urls(url);
        if (const auto path = local_path(url)) {
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

    Result<void> export_tree(const fs::path& bare_cache, const std::string& url,
                             const std::string& commit, const std::string& subdir, bool submodules,
                             const fs::path& destination) override {
        return git::export_tree({bare_cache, url, commit, subdir, submodules, destination});
    }

    Result<std::optional<GitWorktree>> worktree(const fs::path& directory) override {
        git_repository* raw = nullptr;
        const int opened =
            git_repository_open_ext(&raw, directory.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
        if (opened == GIT_ENOTFOUND) return std::nullopt;
        if (opened != 0)
            return system_error(directory.string(),
                                "its repository cannot be opened: " + message());
        const Repository repository(raw);
        if (git_repository_is_bare(raw) != 0) return std::nullopt;
        git_reference* head = nullptr;
        const int has_head = git_repository_head(&head, raw);
        // No commit yet: as good as no repository to whoever asks for versions.
        if (has_head == GIT_EUNBORNBRANCH || has_head == GIT_ENOTFOUND) return std::nullopt;
        if (has_head != 0)
            return system_error(directory.string(), "its HEAD cannot be read: " + message());
        const Reference reference(head);
        git_object* object = nullptr;
        if (git_reference_peel(&object, head, GIT_OBJECT_COMMIT) != 0)
            return system_error(directory.string(), "its HEAD is no commit: " + message());
        const Commit commit(reinterpret_cast<git_commit*>(object));

        GitWorktree found;
        found.top = fs::path(git_repository_workdir(raw)).lexically_normal().parent_path();
        found.head = describe(raw, commit.get());
        if (git_reference_is_branch(head) != 0) found.head.branch = git_reference_shorthand(head);
        TRY_ASSIGN(found.dirty, is_dirty(raw));
        return found;
    }

 private:
    static Result<Repository> open_known(const fs::path& bare_cache) {
        if (const auto path = read_file(bare_cache / stand_in)) return open_local(*path);
        git_repository* raw = nullptr;
        if (git_repository_open_bare(&raw, bare_cache.c_str()) != 0)
            return system_error(bare_cache.string(), "is no git cache: " + message());
        return Repository(raw);
    }

    static Result<bool> is_dirty(git_repository* repository) {
        git_status_options options = GIT_STATUS_OPTIONS_INIT;
        options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED;
        git_status_list* raw = nullptr;
        if (git_status_list_new(&raw, repository, &options) != 0)
            return system_error(git_repository_workdir(repository),
                                "what changed in it cannot be told: " + message());
        const StatusList list(raw);
        return git_status_list_entrycount(raw) > 0;
    }
};

}  // namespace

std::unique_ptr<Git> make_libgit2() {
    return std::make_unique<Libgit2>();
}

}  // namespace dba
