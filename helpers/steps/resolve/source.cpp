#include "steps/resolve/source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "formats/python/project_tables.hpp"
#include "model/json.hpp"
#include "source/application_files.hpp"
#include "source/folder.hpp"
#include "steps/resolve/choice.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/git/paths.hpp"
#include "system/host.hpp"

namespace dba::steps {

namespace {

// "3 hours", for a line that tells how old a pin is.
std::string age_text(long long seconds) {
    if (seconds < 120) return fmt::format("{} seconds", std::max(0LL, seconds));
    constexpr long long hour = 3600;
    constexpr long long day = 24 * hour;
    if (seconds < 2 * hour) return fmt::format("{} minutes", seconds / 60);
    if (seconds < 2 * day) return fmt::format("{} hours", seconds / hour);
    return fmt::format("{} days", seconds / day);
}

// NAME.pin.json: what a branch was resolved to, until the update target or a changed declaration.
struct Pin {
    static constexpr int format = 1;
    std::string repository, reference, commit;
};

template <class V>
void fields(V& v, Pin& pin) {
    v.derived("format", Pin::format);
    v("repository", pin.repository);
    v("reference", pin.reference);
    v("commit", pin.commit);
}

Result<std::optional<std::string>> read_pin(const fs::path& file, const GitSource& git) {
    if (file.empty() || !path_exists(file)) return std::nullopt;
    TRY_ASSIGN(const auto text, read_file(file));
    TRY_ASSIGN(const auto pin, from_json_text<Pin>(text, file.string()));
    if (pin.repository != redact_urls(git.repository) || pin.reference != git.tag)
        return std::nullopt;
    return pin.commit;
}

Result<void> write_pin(const fs::path& file, const GitSource& git, const std::string& commit) {
    if (file.empty()) return {};
    return write_file(file, json_text(json_of(Pin{redact_urls(git.repository), git.tag, commit})));
}

Result<GitCommit> resolve_commit(const GitSource& git, const ResolveInputs& inputs,
                                 System& system) {
    // HEAD of a repository on this machine means what is checked out there, whenever that changes;
    // a branch stays where the first build found it.
    const bool follow = git.tag == "HEAD" && local_repository(git.repository);
    if (!follow && !inputs.update_pin) {
        TRY_ASSIGN(const auto pinned, read_pin(inputs.pin_file, git));
        if (pinned) {
            TRY_ASSIGN(auto commit, system.git.resolve(git.repository, *pinned, inputs.git_cache));
            struct stat status {};
            if (::stat(inputs.pin_file.c_str(), &status) == 0)
                system.log.step("resolve",
                                fmt::format("{} stays at {}, as resolved {} ago (the update target "
                                            "asks again)",
                                            git.tag, commit.id.substr(0, 12),
                                            age_text(now() - status.st_mtime)));
            return commit;
        }
    }
    TRY_ASSIGN(auto commit, system.git.resolve(git.repository, git.tag, inputs.git_cache));
    if (!follow && (!commit.branch.empty() || git.tag == "HEAD"))
        TRY(write_pin(inputs.pin_file, git, commit.id));
    return commit;
}

Result<void> take_declared_layout(const Declaration& declaration, const std::string& where,
                                  FoundLayout& found) {
    if (declaration.layout.empty()) return {};
    TRY_ASSIGN(found.layout, chosen("LAYOUT", declaration.layout, found.layout));
    found.reason = "LAYOUT " + declaration.layout;
    const Prepare& prepare = declaration.prepare;
    if (found.layout == Layout::package && !found.described && prepare.commands.empty() &&
        prepare.playbook.empty())
        return bad_input("LAYOUT package",
                         where +
                             " holds no pyproject.toml, setup.cfg or setup.py that describes "
                             "a package",
                         "write one, or say LAYOUT folder");
    return {};
}

Result<void> read_metadata(const Declaration& declaration, FoundSource& found,
                           const std::string& where, const ReadProjectFile& read) {
    const auto label = [&](const char* file) { return where + "/" + file; };
    TRY_ASSIGN(const auto pyproject, read("pyproject.toml"));
    TRY_ASSIGN(const auto setup_cfg, read("setup.cfg"));
    TRY_ASSIGN(const auto setup_py, read("setup.py"));
    TRY_ASSIGN(found.layout, find_layout(read, where));
    TRY(take_declared_layout(declaration, where, found.layout));
    const bool folder = found.layout.layout == Layout::folder;
    found.bare = folder;
    if (!found.layout.described && pyproject) {
        TRY_ASSIGN(const auto tables, parse_project_tables(*pyproject, label("pyproject.toml")));
        if (tables.workspace)
            return bad_input(
                where, "is the root of a uv workspace, and no project itself",
                fmt::format("name the member that is the application, by GIT_SUBDIR or "
                            "SOURCE_DIR; members are: {}",
                            fmt::join(tables.workspace->members, ", ")));
    }
    if (!found.layout.described) return {};
    found.has_pyproject = pyproject.has_value();
    if (pyproject) {
        TRY_ASSIGN(found.metadata, parse_pyproject(*pyproject, label("pyproject.toml")));
    }
    if (setup_cfg) merge(found.metadata, parse_setup_cfg(*setup_cfg));
    if (setup_py) merge(found.metadata, parse_setup_py(*setup_py));
    for (const auto& file : found.metadata.version_files) {
        if (!found.metadata.version.empty()) break;
        TRY_ASSIGN(const auto text, read(file));
        if (text) found.metadata.version = find_version(*text);
    }
    found.bare = folder && found.metadata.version.empty();
    return {};
}

Result<FoundSource> find_git(const Declaration& declaration, const ResolveInputs& inputs,
                             System& system) {
    GitSource git = *declaration.git;
    if (const auto local = local_repository(git.repository);
        local && local->is_relative() && !git.repository.starts_with("file://"))
        git.repository = (fs::path(declaration.directory) / git.repository).lexically_normal();
    if (git.tag.empty()) git.tag = "HEAD";
    FoundSource found;
    TRY_ASSIGN(found.commit, resolve_commit(git, inputs, system));
    found.source.repository = redact_urls(git.repository);
    found.source.commit = found.commit->id;
    found.source.subdir = found.subdirectory = git.subdir;
    found.source.submodules = git.submodules;
    const std::string where =
        git.subdir.empty() ? found.source.repository : found.source.repository + " " + git.subdir;
    TRY(read_metadata(declaration, found, where, [&](const std::string& file) {
        return system.git.read(inputs.git_cache, found.commit->id,
                               git.subdir.empty() ? file : git.subdir + "/" + file);
    }));
    return found;
}

Result<FoundSource> find_directory(const Declaration& declaration, System& system) {
    const fs::path directory =
        (fs::path(declaration.directory) / declaration.source_dir).lexically_normal();
    if (!directory_exists(directory))
        return bad_input("SOURCE_DIR " + directory.string(), "there is no such directory",
                         "correct SOURCE_DIR; a relative one starts at " + declaration.directory);
    FoundSource found;
    found.source.directory = directory.string();
    TRY(read_metadata(declaration, found, directory.string(),
                      [&](const std::string& file) -> Result<std::optional<std::string>> {
                          std::error_code missing;
                          if (!fs::exists(directory / file, missing)) return std::nullopt;
                          TRY_ASSIGN(auto text, read_file(directory / file));
                          return text;
                      }));
    // Of a commit, fetch tells: it has the files.
    if (declaration.layout.empty() && !found.layout.described && !holds_modules(directory))
        return Failure(no_python_project(directory.string()));
    TRY_ASSIGN(const auto worktree, system.git.worktree(directory));
    if (worktree) {
        found.commit = worktree->head;
        found.dirty = worktree->dirty;
        if (directory != worktree->top)
            found.subdirectory = directory.lexically_relative(worktree->top).string();
        return found;
    }
    TRY_ASSIGN(const auto entries, list_tree(directory, "", false, [&](const fs::path& relative) {
                   return is_application_file(directory, relative);
               }));
    for (const auto& entry : entries) {
        struct stat status {};
        const auto file = directory / entry.path.substr(1);
        if (entry.kind == EntryKind::file && ::lstat(file.c_str(), &status) == 0 &&
            status.st_mtime > found.newest_file_time) {
            found.newest_file_time = status.st_mtime;
            found.newest_file = file.string();
        }
    }
    return found;
}

}  // namespace

Result<FoundSource> find_source(const Declaration& declaration, const ResolveInputs& inputs,
                                System& system) {
    return declaration.git ? find_git(declaration, inputs, system)
                           : find_directory(declaration, system);
}

}  // namespace dba::steps
