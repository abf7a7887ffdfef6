#include "steps/fetch/fetched_source.hpp"

#include "source/application_files.hpp"

namespace dba::steps {
namespace {

// A stale build/lib ends up in wheels (setuptools), and *.egg-info tells what to include; the rest
// of a folder that happens to be called build is the project's own.
bool is_left_by_builds(const fs::path& relative) {
    const std::string name = relative.filename().string();
    const std::string parent = relative.parent_path().string();
    if (name == "__pycache__") return true;
    if (name.ends_with(".egg-info")) return parent.empty() || parent == "src";
    return parent == "build" &&
           (name.starts_with("lib") || name.starts_with("bdist.") || name.starts_with("temp."));
}

}  // namespace

Result<fs::path> copy_source(const FetchedSource& source, const fs::path& to) {
    if (!source.repository.empty()) {
        TRY(copy_tree(source.repository, to));
        return source.subdir.empty() ? to : to / source.subdir;
    }
    TRY(copy_tree(source.directory, to, [&](const fs::path& relative) {
        return !is_left_by_builds(relative) && is_application_file(source.directory, relative);
    }));
    return to;
}

}  // namespace dba::steps
