#include "steps/fetch/layout.hpp"

#include "formats/python/layout.hpp"
#include "source/folder.hpp"

namespace dba::steps {

Result<void> settle_layout(Manifest& manifest, const FetchedSource& source) {
    Project& project = manifest.project;
    if (!project.is_folder() || project.layout_declared) return {};
    const fs::path& directory = source.directory;
    const ResolvedSource& origin = manifest.source;
    const std::string where = !origin.is_git()        ? origin.directory
                              : origin.subdir.empty() ? origin.repository
                                                      : origin.repository + " " + origin.subdir;
    TRY_ASSIGN(const FoundLayout found,
               find_layout(
                   [&](const std::string& file) -> Result<std::optional<std::string>> {
                       std::error_code error;
                       if (!fs::is_regular_file(directory / file, error)) return std::nullopt;
                       TRY_ASSIGN(auto text, read_file(directory / file));
                       return text;
                   },
                   where));
    if (!found.described && !holds_modules(directory)) return Failure(no_python_project(where));
    if (found.layout == Layout::folder) return {};
    project.layout = found.layout;
    project.layout_reason = found.reason + ", after PREPARE";
    // What it is called, its build says.
    project.name.clear();
    project.version.clear();
    return {};
}

}  // namespace dba::steps
