#include "steps/fetch/fetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "model/json.hpp"
#include "source/application_files.hpp"
#include "source/links.hpp"
#include "steps/fetch/prepare.hpp"
#include "steps/fetch/prepared.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/git/export.hpp"
#include "system/git/paths.hpp"

namespace dba::steps {

namespace {

// Where the source comes from: a commit, the work tree of a repository, or a directory alone.
struct Origin {
    std::string subdir;                   // of the project in what is copied
    std::optional<GitSnapshot> snapshot;  // of a work tree
    std::vector<OutsideLink> followed;    // of a directory alone
    bool shallow = false;
    std::vector<fs::path> read;  // outside of SOURCE_DIR
};

// Which files are the application's, for as long as git does not say so.
GitKeep application_files(const System& system) {
    std::error_code error;
    return [work = fs::weakly_canonical(system.store.work(), error)](const fs::path& top,
                                                                     const fs::path& relative) {
        return is_application_file(top, relative) && top / relative != work;
    };
}

// The tags that a commit's description may use, found once for each set of tags.
Result<Origin> look_at_commit(const Manifest& manifest, const FetchInputs& inputs, Receipt& receipt,
                              System& system) {
    const auto& source = manifest.source;
    TRY_ASSIGN(const GitHistory history, system.git.history(inputs.git_cache, source.commit));
    receipt.add("commit", source.commit);
    receipt.add("subdir", source.subdir);
    receipt.add("submodules", source.submodules);
    receipt.add("tags", sha256_hex(history.tags));
    receipt.add("shallow", history.shallow);
    // It stands in the copy's .git, and in nothing that is made of it.
    receipt.add("objects", history.objects.string());
    return Origin{source.subdir, {}, {}, history.shallow, {}};
}

std::vector<fs::path> read_around(const GitSnapshot& snapshot) {
    std::set<fs::path> read;
    const std::string own = snapshot.subdir.empty() ? "" : snapshot.subdir + "/";
    for (const std::string& file : snapshot.files) {
        if (own.empty() || file.starts_with(own)) continue;
        read.insert(snapshot.top / file);
        // For new files.
        read.insert((snapshot.top / file).parent_path());
    }
    return {read.begin(), read.end()};
}

Result<Origin> look_at_directory(const Manifest& manifest, Receipt& receipt, System& system) {
    const fs::path directory = manifest.source.directory;
    const GitKeep keep = application_files(system);
    Origin origin;
    TRY_ASSIGN(origin.snapshot, system.git.snapshot(directory, keep));
    if (origin.snapshot) {
        const GitSnapshot& snapshot = *origin.snapshot;
        origin.subdir = snapshot.subdir;
        origin.shallow = snapshot.history.shallow;
        origin.read = read_around(snapshot);
        receipt.add("worktree", snapshot.digest);
        receipt.add("subdir", snapshot.subdir);
        receipt.add("shallow", snapshot.history.shallow);
        receipt.add("objects", snapshot.history.objects.string());
        return origin;
    }
    TRY_ASSIGN(const auto entries, list_tree(directory, "", true, [&](const fs::path& relative) {
                   return keep(directory, relative);
               }));
    receipt.add("tree", digest_of(entries));
    // Without a repository, the project that declares the package is what belongs together.
    TRY_ASSIGN(origin.followed, outside_links(directory, manifest.directory, keep));
    for (const OutsideLink& link : origin.followed) {
        std::string& digest = receipt.inputs["link." + link.path];
        origin.read.push_back(link.target);
        if (!directory_exists(link.target)) {
            TRY_ASSIGN(digest, sha256_file(link.target));
            continue;
        }
        TRY_ASSIGN(const auto inner,
                   list_tree(link.target, "", true, [&](const fs::path& relative) {
                       return keep(link.target, relative);
                   }));
        digest = digest_of(inner);
        for (const LayerEntry& entry : inner)
            origin.read.push_back(link.target / entry.path.substr(1));
    }
    return origin;
}

// The links of a copy that lead out of it; without a repository nothing else can be missing.
Result<std::vector<GitGap>> links_out_of(const fs::path& copy) {
    TRY_ASSIGN(const auto entries, list_tree(copy, "", false));
    std::vector<GitGap> gaps;
    for (const LayerEntry& entry : entries) {
        const std::string path = entry.path.substr(1);
        if (entry.kind == EntryKind::symlink &&
            git::leads_out(fs::path(path).parent_path().string(), entry.link_target))
            gaps.push_back({GitGap::Kind::link, path, entry.link_target});
    }
    return gaps;
}

Result<std::vector<GitGap>> copy_origin(const Manifest& manifest, const FetchInputs& inputs,
                                        const Origin& origin, const fs::path& copy,
                                        System& system) {
    const auto& source = manifest.source;
    if (source.is_git()) {
        system.log.step("fetch", fmt::format("exporting {} at {}", source.repository,
                                             source.commit.substr(0, 12)));
        // Who packages a folder as it stands has nobody who would ask the repository later.
        return system.git.export_tree({inputs.git_cache, source.repository, source.commit,
                                       source.submodules, true, manifest.project.is_folder(),
                                       copy});
    }
    system.log.step("fetch", "copying " + source.directory);
    const GitKeep keep = application_files(system);
    if (origin.snapshot) return system.git.copy_worktree(source.directory, keep, copy);
    const fs::path directory = source.directory;
    TRY(copy_tree(directory, copy,
                  [&](const fs::path& relative) { return keep(directory, relative); }));
    TRY(follow(origin.followed, copy, keep));
    return links_out_of(copy);
}

Result<void> check_subdirectory(const ResolvedSource& source, const fs::path& directory) {
    if (directory_exists(directory)) return {};
    return bad_input(source.subdir, "is no directory of the commit " + source.commit.substr(0, 12),
                     "GIT_SUBDIR is a path inside the repository");
}

// Runs PREPARE: the files it made or changed. A commit is no other for what it did to its files.
Result<std::vector<std::string>> prepare_noted(const Manifest& manifest, const fs::path& copy,
                                               const Origin& origin, Commands& deferred,
                                               System& system) {
    if (manifest.prepare.commands.empty() && manifest.prepare.playbook.empty())
        return std::vector<std::string>();
    const fs::path directory = origin.subdir.empty() ? copy : copy / origin.subdir;
    TRY_ASSIGN(const FileStates before, file_states(directory));
    TRY_ASSIGN(deferred, prepare(manifest, copy, directory, system));
    TRY_ASSIGN(const FileStates after, file_states(directory));
    if (path_exists(copy / ".git")) {
        std::vector<std::string> others;
        for (const auto& path : changed_or_gone(before, after))
            others.push_back(origin.subdir.empty() ? path : origin.subdir + "/" + path);
        TRY(assume_unchanged(copy, others));
    }
    return made_or_changed(before, after);
}

Result<Commands> read_deferred(const fs::path& file) {
    TRY_ASSIGN(const std::string text, read_file(file));
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (!list.is_array())
        return system_error(file.string(), "is damaged", "remove the work directory");
    return list.get<Commands>();
}

std::string to_text(const std::vector<GitGap>& gaps) {
    nlohmann::json list = nlohmann::json::array();
    for (const GitGap& gap : gaps)
        list.push_back({{"link", gap.kind == GitGap::Kind::link},
                        {"path", json_from_bytes(gap.path)},
                        {"target", json_from_bytes(gap.target)}});
    return list.dump();
}

Result<std::vector<GitGap>> read_gaps(const fs::path& file) {
    TRY_ASSIGN(const std::string text, read_file(file));
    std::vector<GitGap> gaps;
    for (const auto& item : nlohmann::json::parse(text, nullptr, false))
        gaps.push_back({item.value("link", false) ? GitGap::Kind::link : GitGap::Kind::submodule,
                        bytes_from_json(item["path"]).value_or(""),
                        bytes_from_json(item["target"]).value_or("")});
    return gaps;
}

}  // namespace

Result<FetchedSource> fetch(const Manifest& manifest, const FetchInputs& inputs, System& system) {
    Receipt receipt{"fetch", 3};
    TRY_ASSIGN(const Origin origin, manifest.source.is_git()
                                        ? look_at_commit(manifest, inputs, receipt, system)
                                        : look_at_directory(manifest, receipt, system));
    TRY(add_prepare_inputs(manifest, receipt));
    const auto project_in = [&](const fs::path& made) {
        return origin.subdir.empty() ? made / "source" : made / "source" / origin.subdir;
    };
    TRY_ASSIGN(
        const auto made, system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            const fs::path copy = fresh / "source";
            const fs::path directory = project_in(fresh);
            TRY_ASSIGN(const auto gaps, copy_origin(manifest, inputs, origin, copy, system));
            TRY(check_subdirectory(manifest.source, directory));
            Commands deferred;
            TRY_ASSIGN(const auto made_there,
                       prepare_noted(manifest, copy, origin, deferred, system));
            TRY(write_file(fresh / "deferred.json", nlohmann::json(deferred).dump()));
            TRY(write_prepared(fresh / "prepared.json", made_there));
            TRY(write_file(fresh / "gaps.json", to_text(gaps)));
            // PREPARE may have told git something.
            const auto prepared = receipt.inputs.find("prepare");
            TRY_ASSIGN(
                const std::string digest,
                digest_of_copy(copy, prepared == receipt.inputs.end() ? "" : prepared->second));
            return write_file(fresh / "digest", digest);
        }));
    FetchedSource fetched;
    fetched.directory = project_in(made);
    fetched.subdir = origin.subdir;
    if (path_exists(made / "source" / ".git")) fetched.repository = made / "source";
    TRY_ASSIGN(fetched.digest, read_file(made / "digest"));
    TRY_ASSIGN(fetched.gaps, read_gaps(made / "gaps.json"));
    TRY_ASSIGN(fetched.prepared, read_prepared(made / "prepared.json"));
    TRY_ASSIGN(fetched.deferred, read_deferred(made / "deferred.json"));
    fetched.shallow = origin.shallow;
    fetched.read = origin.read;
    return fetched;
}

}  // namespace dba::steps
