#include "steps/resolve/commit_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "model/named_paths.hpp"
#include "source/application_files.hpp"
#include "source/lfs.hpp"
#include "source/variant.hpp"
#include "steps/resolve/declared_path.hpp"
#include "steps/resolve/host_files.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/git/paths.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t most_shown = 5;

std::string listed(const std::vector<std::string>& paths) {
    const auto shown = std::vector<std::string>(
        paths.begin(),
        paths.begin() + static_cast<std::ptrdiff_t>(std::min(paths.size(), most_shown)));
    std::string text = fmt::format("{}", fmt::join(shown, ", "));
    if (paths.size() > most_shown) text += fmt::format(" and {} more", paths.size() - most_shown);
    return text;
}

// The build directory that the work directory lies in, by the file that CMake keeps at its top.
fs::path build_directory_of(const fs::path& work) {
    for (fs::path at = work; at.has_relative_path(); at = at.parent_path())
        if (path_exists(at / "CMakeCache.txt")) return at;
    return work;
}

// A file or directory that the declaration names.
struct Named {
    NamedPath declared;
    fs::path file;     // on this machine
    std::string path;  // from the top of the declaration's repository
    fs::path extent;   // all that belongs to it: of a playbook, its directory
    [[nodiscard]] std::string subject() const { return declared.keyword + " " + *declared.path; }
};

class Taker {
 public:
    Taker(Declaration& declaration, const CommitOf& commit, System& system)
        : declaration_(declaration), commit_(commit), system_(system) {}

    Result<DeclaredFiles> run();

 private:
    [[nodiscard]] std::string short_id() const { return commit_.source.commit.substr(0, 12); }
    [[nodiscard]] bool is_ours(const fs::path& top);
    Result<fs::path> copy_of_commit(const fs::path& top, const std::vector<Named>& named);
    Result<void> bring_large(const Named& one, const fs::path& top, const fs::path& copy);
    Result<void> place(Named& one);
    [[nodiscard]] std::function<bool(const fs::path&)> keep_of(const Named& one) const;
    Result<void> compare(const Named& one);
    Result<void> refuse_new(const Named& one, const std::vector<std::string>& lacking);
    [[nodiscard]] bool is_ignored(const fs::path& top) const;
    void tell_uncommitted(const Named& one);
    void keep_uncommitted(const Named& one, const std::string& why);

    Declaration& declaration_;
    const CommitOf& commit_;
    System& system_;
    DeclaredFiles out_;
    std::vector<std::string> otherwise_;  // in the work tree
};

bool Taker::is_ours(const fs::path& top) {
    if (top.empty()) return false;
    const std::string inside = fs::path(declaration_.directory).lexically_relative(top).string();
    const auto held = system_.git.holds(top, commit_.source.commit, inside);
    if (!held)
        system_.log.warning("resolve",
                            fmt::format("{}: {}", held.error().subject, held.error().cause));
    return held && *held;
}

// A commit has a pointer in place of a file of Git LFS; the work tree has the file, and the pointer
// tells whether it is the one.
Result<void> Taker::bring_large(const Named& one, const fs::path& top, const fs::path& copy) {
    const fs::path place = copy / one.extent.lexically_relative(top);
    std::vector<std::string> files{""};
    if (directory_exists(place)) {
        TRY_ASSIGN(const auto entries, list_tree(place, "", false, keep_of(one)));
        files.clear();
        for (const LayerEntry& entry : entries)
            if (entry.kind == EntryKind::file) files.push_back(entry.path);
    }
    for (const std::string& file : files) {
        const fs::path pointer = place.string() + file;
        if (!file_exists(pointer) || !is_lfs_pointer(pointer)) continue;
        const fs::path own = one.extent.string() + file;
        const auto digest = file_exists(own) ? sha256_file(own) : Result<std::string>("");
        if (!digest || digest->empty() || *digest != lfs_sha256(pointer))
            return bad_input(one.subject() + file,
                             fmt::format("is a Git LFS pointer in the commit {}, and the work tree "
                                         "does not have the file that it stands for",
                                         short_id()),
                             "bring it there (`git lfs pull`), or commit the file itself (`git lfs "
                             "migrate export`)");
        const auto mode = fs::status(pointer).permissions();
        TRY(dba::copy_file(own, pointer));
        fs::permissions(pointer, mode);
    }
    return {};
}

// Named as the repository's own directory is, for `FILES .`.
Result<fs::path> Taker::copy_of_commit(const fs::path& top, const std::vector<Named>& named) {
    std::vector<std::string> paths;
    paths.reserve(named.size());
    for (const Named& one : named) paths.push_back(one.path);
    Receipt receipt{"declared"};
    receipt.add("commit", commit_.source.commit)
        .add("submodules", commit_.source.submodules)
        .add("name", top.filename().string())
        .add("paths", paths);
    TRY_ASSIGN(const fs::path made,
               system_.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   const fs::path copy = fresh / top.filename();
                   TRY(system_.git.export_tree({.bare_cache = commit_.git_cache,
                                                .url = commit_.source.repository,
                                                .commit = commit_.source.commit,
                                                .submodules = commit_.source.submodules,
                                                .destination = copy,
                                                .checkout = true}));
                   for (const Named& one : named) TRY(bring_large(one, top, copy));
                   return {};
               }));
    return made / top.filename();
}

void Taker::keep_uncommitted(const Named& one, const std::string& why) {
    system_.log.warning("resolve", fmt::format("{}: {}; the package has X-Deb-Build-Dirty for it",
                                               one.subject(), why));
    out_.uncommitted.push_back(one.subject());
}

Result<void> Taker::place(Named& one) {
    const fs::path place = fs::path(out_.copy) / one.path;
    if (!path_exists(place)) {
        // Of one in a submodule, git says so.
        TRY(system_.git.read(commit_.git_cache, commit_.source.commit, one.path));
        if (symlink_exists(place))
            return bad_input(one.subject(),
                             fmt::format("is a symbolic link in the commit {} that leads to "
                                         "nothing in it",
                                         short_id()),
                             "have the file itself there");
        if (!path_exists(one.file)) return {};  // whoever reads it says so
        if (fs::path(*one.declared.path).is_absolute()) {
            keep_uncommitted(one, fmt::format("the commit {} does not have it, and the work tree's "
                                              "is taken",
                                              short_id()));
            return {};
        }
        return bad_input(
            one.subject(),
            fmt::format("the commit {}, which is packaged, does not have it", short_id()),
            fmt::format("commit it, or package a commit that has it (GIT_TAG); a file that is no "
                        "part of the commit is named by its whole path: {} {}",
                        one.declared.keyword, one.file.string()));
    }
    std::error_code error;
    const fs::path real = fs::canonical(place, error);
    const fs::path inside = fs::canonical(out_.copy, error);
    if (error || !text::is_within(real.string(), inside.string()))
        return bad_input(one.subject(),
                         "is a symbolic link out of the repository, to " + real.string(),
                         fmt::format("have the file itself there, or write {} {}",
                                     one.declared.keyword, real.string()));
    TRY(compare(one));
    const bool contents = one.declared.path->ends_with('/');
    *one.declared.path = place.string() + (contents ? "/" : "");
    return {};
}

// Which files of a directory that the declaration names are read.
std::function<bool(const fs::path&)> Taker::keep_of(const Named& one) const {
    const fs::path& directory = one.extent;
    if (one.declared.keyword == "CONFIG_VARIANTS")
        return
            [directory](const fs::path& relative) { return is_variant_file(directory, relative); };
    const std::string below =
        one.declared.group == nullptr
            ? ""
            : installed_directory(*one.declared.group, *one.declared.path, directory);
    return [directory, below, this](const fs::path& relative) {
        return is_application_file(directory, relative) &&
               (below.empty() ||
                !any_names_path(declaration_.exclude, below + "/" + relative.string(), below));
    };
}

// What the work tree has otherwise is told: somebody may be looking for it in the package.
Result<void> Taker::compare(const Named& one) {
    const std::string path = one.extent.lexically_relative(out_.top);
    const fs::path place = fs::path(out_.copy) / path;
    if (file_exists(one.extent) && file_exists(place)) {
        TRY_ASSIGN(const std::string here, sha256_file(one.extent));
        TRY_ASSIGN(const std::string there, sha256_file(place));
        if (here != there) otherwise_.push_back(path);
        return {};
    }
    if (!directory_exists(one.extent) || !directory_exists(place)) return {};
    TRY_ASSIGN(const auto here, list_tree(one.extent, "", true, keep_of(one)));
    TRY_ASSIGN(const auto there, list_tree(place, "", true, keep_of(one)));
    std::map<std::string, const LayerEntry*> committed;
    for (const LayerEntry& entry : there) committed[entry.path] = &entry;
    std::vector<std::string> lacking;
    for (const LayerEntry& entry : here) {
        if (entry.kind == EntryKind::directory) continue;
        const std::string own = (fs::path(path) / entry.path.substr(1)).lexically_normal();
        const auto found = committed.find(entry.path);
        if (found == committed.end())
            lacking.push_back(own);
        else if (found->second->sha256 != entry.sha256 ||
                 found->second->link_target != entry.link_target)
            otherwise_.push_back(own);
    }
    return lacking.empty() ? Result<void>() : refuse_new(one, lacking);
}

// A directory of another commit may well have other files; what no commit has was forgotten.
Result<void> Taker::refuse_new(const Named& one, const std::vector<std::string>& lacking) {
    TRY_ASSIGN(const GitUncommitted found,
               system_.git.uncommitted(out_.top, {one.extent.lexically_relative(out_.top)}));
    const std::set<std::string> changed(found.changed.begin(), found.changed.end());
    std::vector<std::string> forgotten;
    std::vector<std::string> ignored;
    for (const std::string& path : lacking) {
        const bool hidden =
            std::any_of(found.ignored.begin(), found.ignored.end(), [&](const std::string& other) {
                return path == other || (other.ends_with('/') && path.starts_with(other));
            });
        if (changed.contains(path))
            forgotten.push_back(path);
        else if (hidden)
            ignored.push_back(path);
        else
            otherwise_.push_back(path);
    }
    const bool of_files = one.declared.group != nullptr;
    if (of_files) forgotten.insert(forgotten.end(), ignored.begin(), ignored.end());
    if (!forgotten.empty())
        return bad_input(
            one.subject(),
            fmt::format("the work tree has files there that are not in the commit {}, which is "
                        "packaged: {}",
                        short_id(), listed(forgotten)),
            of_files
                ? "commit them, or name in EXCLUDE what is not for the package; what the build "
                  "makes belongs into the build directory"
                : "commit them, or put them elsewhere");
    if (!ignored.empty())
        system_.log.warning("resolve", fmt::format("{}: git ignores these, and they are left out: "
                                                   "{}",
                                                   one.subject(), listed(ignored)));
    return {};
}

// A repository that ignores the declaring directory is none of its: a build directory lies there,
// or what was unpacked.
bool Taker::is_ignored(const fs::path& top) const {
    if (top.empty()) return false;
    const std::string inside = fs::path(declaration_.directory).lexically_relative(top);
    const auto found = system_.git.uncommitted(top, {inside});
    return found && inside != "." &&
           std::any_of(found->ignored.begin(), found->ignored.end(),
                       [&](const std::string& one) { return (inside + "/").starts_with(one); });
}

void Taker::tell_uncommitted(const Named& one) {
    const fs::path top = repository_around(one.file);
    if (top.empty() || !path_exists(one.file)) return;
    if (std::find(out_.repositories.begin(), out_.repositories.end(), top.string()) ==
        out_.repositories.end())
        out_.repositories.push_back(top);
    const std::string path = one.extent.lexically_relative(top);
    const auto found = system_.git.uncommitted(top, {path});
    if (!found) {
        system_.log.warning("resolve", fmt::format("{}: {}", one.subject(), found.error().cause));
        return;
    }
    const bool alone = file_exists(one.extent);
    std::vector<std::string> paths = found->changed;
    // In a directory git ignores what is nobody's, or all of it.
    for (const std::string& ignored : found->ignored)
        if (alone || (path + "/").starts_with(ignored)) paths.push_back(ignored);
    if (!paths.empty())
        keep_uncommitted(one, alone ? "it is not committed as it is there"
                                    : "not committed as they are there: " + listed(paths));
}

// All files beside a playbook are its own; a directory that holds the declaration is refused later.
fs::path extent_of(const std::string& keyword, const fs::path& file, const fs::path& directory) {
    return keyword.ends_with("_PLAYBOOK") &&
                   !text::is_within(directory.string(), file.parent_path().string())
               ? file.parent_path()
               : file;
}

Result<DeclaredFiles> Taker::run() {
    const fs::path top = repository_around(declaration_.directory);
    std::error_code error;
    const fs::path build = build_directory_of(fs::absolute(system_.store.work(), error));
    // One that holds the declaration tells nothing.
    const bool apart = !text::is_within(declaration_.directory, build.string());
    std::vector<Named> ours;
    std::vector<Named> others;
    for (NamedPath& declared : named_paths(declaration_)) {
        std::string full = absolute_path(declaration_, *declared.path);
        while (full.size() > 1 && full.ends_with('/')) full.pop_back();
        if (apart && text::is_within(full, build.string())) continue;  // made by the build
        const fs::path extent = extent_of(declared.keyword, full, declaration_.directory);
        Named one{std::move(declared), full, fs::path(full).lexically_relative(top), extent};
        (!top.empty() && text::is_within(full, top.string()) ? ours : others)
            .push_back(std::move(one));
    }
    if (!ours.empty() && is_ours(top)) {
        out_.top = top.string();
        TRY_ASSIGN(out_.copy, copy_of_commit(top, ours));
        for (Named& one : ours) TRY(place(one));
    } else {
        std::move(ours.begin(), ours.end(), std::back_inserter(others));
    }
    const bool ignored = !others.empty() && is_ignored(top);
    for (const Named& one : others)
        if (!ignored || !text::is_within(one.file.string(), top.string())) tell_uncommitted(one);
    std::sort(otherwise_.begin(), otherwise_.end());
    otherwise_.erase(std::unique(otherwise_.begin(), otherwise_.end()), otherwise_.end());
    if (!otherwise_.empty())
        system_.log.step("resolve",
                         fmt::format("as the commit {} has them, and not the work tree: {}",
                                     short_id(), listed(otherwise_)));
    return std::move(out_);
}

}  // namespace

Result<DeclaredFiles> take_from_commit(Declaration& declaration, const CommitOf& commit,
                                       System& system) {
    return Taker(declaration, commit, system).run();
}

Error as_declared(Error error, const DeclaredFiles& declared) {
    for (std::string* text : {&error.subject, &error.cause, &error.hint})
        *text = declared.shown(std::move(*text));
    return error;
}

}  // namespace dba::steps
