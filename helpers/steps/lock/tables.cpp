#include "steps/lock/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/debian/version.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

bool matches_any(const std::vector<std::string>& globs, const std::string& path) {
    return std::any_of(globs.begin(), globs.end(), [&](std::string glob) {
        while (glob.ends_with('/')) glob.pop_back();
        if (glob.starts_with("./")) glob.erase(0, 2);
        return glob_match(glob, path);
    });
}

bool is_member(const ProjectTables::Workspace& workspace, const fs::path& root,
               const fs::path& directory) {
    const std::string path = directory.lexically_relative(root).string();
    return directory == root ||
           (matches_any(workspace.members, path) && !matches_any(workspace.exclude, path));
}

void made_absolute(ProjectTables& tables, const fs::path& directory) {
    for (auto& [name, sent] : tables.sent) {
        const bool git = sent.target.starts_with("git+");
        const std::string path = sent.target.substr(git ? 4 : 0);
        if (sent.kind == SentName::Kind::path)
            sent.target = (directory / path / "").lexically_normal().parent_path().string();
        else if (git && path.find("://") == std::string::npos)
            sent.target = "git+" + text::file_url((directory / path).lexically_normal().string());
    }
    for (auto& place : tables.find_links)
        if (place.find("://") == std::string::npos)
            place = (directory / place).lexically_normal().string();
}

Result<ProjectTables> tables_in(const fs::path& directory, std::vector<fs::path>& read) {
    const fs::path file = directory / "pyproject.toml";
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return ProjectTables{};
    read.push_back(file);
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(auto tables, parse_project_tables(text, file.string()));
    made_absolute(tables, directory);
    return tables;
}

// Settings of a workspace are its root's; sources are the member's, and the root's for other names.
ProjectTables of_workspace(ProjectTables member, ProjectTables root) {
    auto sent = std::move(member.sent);
    for (auto& [name, one] : root.sent)
        if (!sent.contains(name)) sent.emplace(name, std::move(one));
    root.sent = std::move(sent);
    root.name = std::move(member.name);
    root.groups = std::move(member.groups);
    for (auto& index : member.indexes) {
        const bool known = std::any_of(root.indexes.begin(), root.indexes.end(),
                                       [&](const auto& one) { return one.name == index.name; });
        // Named by the member's own sources.
        index.is_default = false;
        index.is_explicit = true;
        if (!known) root.indexes.push_back(std::move(index));
    }
    root.canonical += member.canonical;
    return root;
}

bool is_inside(const fs::path& path, const fs::path& directory) {
    const fs::path relative = path.lexically_relative(directory);
    return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

Result<std::map<std::string, fs::path>> workspace_members(const ProjectTables::Workspace& workspace,
                                                          const fs::path& root) {
    std::map<std::string, fs::path> members;
    TRY_ASSIGN(const auto entries, list_tree(root, "", false));
    std::vector<fs::path> read;
    for (const auto& entry : entries) {
        if (!entry.path.ends_with("/pyproject.toml")) continue;
        const fs::path directory = (root / entry.path.substr(1)).parent_path();
        if (!is_member(workspace, root, directory)) continue;
        TRY_ASSIGN(const auto tables, tables_in(directory, read));
        if (!tables.name.empty()) members[normalise_distribution(tables.name)] = directory;
    }
    return members;
}

Result<ProjectSources> ProjectSources::read(const fs::path& directory, const fs::path& root,
                                            const Manifest& manifest) {
    ProjectSources sources;
    sources.directory_ = directory.lexically_normal();
    sources.root_ = root.lexically_normal();
    sources.declared_ = manifest.source.directory;
    TRY_ASSIGN(sources.tables, tables_in(sources.directory_, sources.files));
    for (fs::path above = sources.directory_; is_inside(above, sources.root_);
         above = above.parent_path()) {
        std::vector<fs::path> read;
        TRY_ASSIGN(auto tables, tables_in(above, read));
        if (!tables.workspace || !is_member(*tables.workspace, above, sources.directory_)) {
            if (above == sources.root_) break;
            continue;
        }
        sources.workspace_root = above;
        TRY_ASSIGN(sources.members_, workspace_members(*tables.workspace, above));
        if (above != sources.directory_) {
            sources.files.insert(sources.files.end(), read.begin(), read.end());
            sources.tables = of_workspace(std::move(sources.tables), std::move(tables));
        }
        break;
    }
    return sources;
}

Result<void> ProjectSources::add_pipfile() {
    const fs::path file = directory_ / "Pipfile";
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return {};
    files.push_back(file);
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(auto pipfile, parse_pipfile(text, file.string()));
    made_absolute(pipfile, directory_);
    tables.sent.merge(pipfile.sent);
    tables.groups.merge(pipfile.groups);
    tables.indexes.insert(tables.indexes.end(), pipfile.indexes.begin(), pipfile.indexes.end());
    tables.dependencies = std::move(pipfile.dependencies);
    tables.pre = tables.pre || pipfile.pre;
    tables.canonical += pipfile.canonical;
    return {};
}

void ProjectSources::add_directories(const std::map<std::string, std::string>& paths) {
    for (const auto& [name, path] : paths) {
        const std::string key = normalise_distribution(name);
        if (tables.sent.contains(key)) continue;
        SentName sent;
        sent.target = (directory_ / path / "").lexically_normal().parent_path().string();
        sent.table = "Requires-Dist";
        tables.sent.emplace(key, std::move(sent));
        tables.canonical += fmt::format("{} = {}\n", key, path);
    }
}

Result<std::string> ProjectSources::directory_for(const SentName& sent,
                                                  const std::string& name) const {
    const auto nowhere = [&](const std::string& cause, const std::string& hint) {
        return bad_input(fmt::format("{} {}", sent.table, name), cause, hint);
    };
    if (sent.kind == SentName::Kind::workspace) {
        const auto member = members_.find(normalise_distribution(name));
        if (member != members_.end()) return member->second.string();
        return nowhere(
            workspace_root.empty()
                ? std::string("is a member of a workspace, and no pyproject.toml above "
                              "the project has [tool.uv.workspace]")
                : fmt::format("is no member of the workspace in {}", workspace_root.string()),
            "with GIT_SUBDIR or SOURCE_DIR name the member, in a repository that holds "
            "the whole workspace");
    }
    std::error_code error;
    const fs::path inside(sent.target);
    if (is_inside(inside, root_) && fs::exists(inside, error)) return sent.target;
    // Without a repository, siblings of the declared directory are where they always were.
    const fs::path relative = inside.lexically_relative(root_);
    if (!declared_.empty() && root_ == directory_) {
        const fs::path beside = (declared_ / relative).lexically_normal();
        if (fs::exists(beside, error)) return beside.string();
    }
    return nowhere(fmt::format("leads to {}, which is not in the source", relative.string()),
                   "it is never taken from an index instead: put it into the repository, or change "
                   "the table");
}

Result<std::optional<Sent>> ProjectSources::find(const std::string& name,
                                                 const MarkerContext& markers) const {
    const auto is_chosen = [](const std::vector<std::string>& list, const std::string& one) {
        return one.empty() || std::any_of(list.begin(), list.end(), [&](const auto& other) {
                   return normalise_distribution(other) == normalise_distribution(one);
               });
    };
    const auto [begin, end] = tables.sent.equal_range(normalise_distribution(name));
    for (auto item = begin; item != end; ++item) {
        const SentName& sent = item->second;
        if (!is_chosen(markers.extras, sent.extra) || !is_chosen(markers.groups, sent.group))
            continue;
        TRY_ASSIGN(const bool holds, marker_holds(sent.marker, markers));
        if (!holds) continue;
        Sent found;
        found.table = sent.table;
        found.is_package = sent.is_package;
        if (sent.kind == SentName::Kind::url) {
            found.url = sent.target;
        } else if (sent.kind == SentName::Kind::index) {
            const auto index =
                std::find_if(tables.indexes.begin(), tables.indexes.end(),
                             [&](const auto& one) { return one.name == sent.target; });
            // The index may be called by its name without being listed: the installer's own.
            if (index == tables.indexes.end() && text::lower(sent.target) == "pypi") continue;
            if (index != tables.indexes.end() && index->url.empty()) continue;
            if (index == tables.indexes.end())
                return bad_input(
                    fmt::format("{} {}", sent.table, name),
                    fmt::format("is sent to the index {}, which has no URL here", sent.target),
                    "name it with its URL in the same pyproject.toml or Pipfile");
            found.index = *index;
        } else {
            TRY_ASSIGN(found.url, directory_for(sent, name));
        }
        return found;
    }
    return std::nullopt;
}

std::vector<std::string> ProjectSources::names() const {
    std::vector<std::string> all;
    for (const auto& [name, sent] : tables.sent)
        if (all.empty() || all.back() != name) all.push_back(name);
    return all;
}

}  // namespace dba::steps
