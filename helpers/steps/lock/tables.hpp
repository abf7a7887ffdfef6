// The project's own tables, as this build takes them: where a name is sent, and what its workspace
// says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/python/marker.hpp"
#include "formats/python/project_tables.hpp"
#include "formats/python/requirement.hpp"
#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// Where one name is sent: to a URL (a directory, "git+...", an archive), or to one index.
struct Sent {
    std::string url;
    NamedIndex index;
    bool is_package = true;
    std::string table;  // "[tool.uv.sources]", for errors
};

class ProjectSources {
 public:
    ProjectSources() = default;

    // Of the project in `directory`: its pyproject.toml, that of the uv workspace it is a member of
    // (whose settings count for all members), and a Pipfile. A path is looked for in the fetched
    // copy, whose top is `root`, else beside the declared directory of a source without repository.
    static Result<ProjectSources> read(const fs::path& directory, const fs::path& root,
                                       const Manifest& manifest);

    // What the Pipfile beside it says, if there is one.
    Result<void> add_pipfile();

    // Requirements that the metadata itself sends to directories, from `directory`.
    void add_directories(const std::map<std::string, std::string>& paths);

    // Nothing for a name that is sent nowhere in this environment. bad_input for one that is sent
    // to what is not there.
    [[nodiscard]] Result<std::optional<Sent>> find(const std::string& name,
                                                   const MarkerContext& markers) const;

    // Every name that is sent somewhere, normalised.
    [[nodiscard]] std::vector<std::string> names() const;

    ProjectTables tables;         // the workspace's settings, where there is one
    fs::path workspace_root;      // "" = none
    std::vector<fs::path> files;  // that were read

 private:
    [[nodiscard]] Result<std::string> directory_for(const SentName& sent,
                                                    const std::string& name) const;

    fs::path directory_, root_, declared_;
    std::map<std::string, fs::path> members_;  // of the workspace, by normalised name
};

// Directories of a workspace that hold a project, with the names that they have.
Result<std::map<std::string, fs::path>> workspace_members(const ProjectTables::Workspace& workspace,
                                                          const fs::path& root);

}  // namespace dba::steps
