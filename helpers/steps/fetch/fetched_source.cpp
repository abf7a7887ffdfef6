#include "steps/fetch/fetched_source.hpp"

#include <set>

#include "source/application_files.hpp"
#include "source/links.hpp"
#include "system/files/digest.hpp"
#include "system/files/tree.hpp"
#include "system/git/paths.hpp"

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

bool is_no_repository(const fs::path& /*top*/, const fs::path& relative) {
    return relative.filename() != ".git";
}

}  // namespace

Result<fs::path> copy_source(const FetchedSource& source, const fs::path& to, OutsideLinks links) {
    if (source.repository.empty()) {
        TRY(copy_tree(source.directory, to, [&](const fs::path& relative) {
            return !is_left_by_builds(relative) && is_application_file(source.directory, relative);
        }));
        return to;
    }
    TRY(copy_tree_with_times(source.repository, to));
    const fs::path project = source.subdir.empty() ? to : to / source.subdir;
    if (links == OutsideLinks::kept) return project;
    TRY_ASSIGN(const auto outside, outside_links(project, to, is_no_repository));
    TRY(follow(outside, project, is_no_repository));
    std::vector<std::string> replaced;
    for (const OutsideLink& link : outside)
        replaced.push_back((fs::path(source.subdir) / link.path).string());
    TRY(assume_unchanged(to, replaced));
    return project;
}

Result<std::string> digest_of_copy(const fs::path& copy, const std::string& told) {
    std::set<fs::path> repositories;
    TRY_ASSIGN(const auto entries, list_tree(copy, "", true, [&](const fs::path& relative) {
                   if (relative.filename() != ".git") return true;
                   repositories.insert(copy / relative);
                   return false;
               }));
    std::string text = digest_of(entries);
    for (const fs::path& repository : repositories) {
        for (const char* name : {"HEAD", "packed-refs"}) {
            TRY_ASSIGN(const std::string bytes, read_file(repository / name));
            text += "\n" + bytes;
        }
    }
    if (!repositories.empty()) text += "\n" + told;
    return sha256_hex(text);
}

void keep_git_inside(Environment& environment, const fs::path& copy) {
    environment["GIT_CONFIG_NOSYSTEM"] = "1";
    environment["GIT_CEILING_DIRECTORIES"] = copy.parent_path().string();
}

}  // namespace dba::steps
