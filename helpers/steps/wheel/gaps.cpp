#include "steps/wheel/gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "system/files/files.hpp"

namespace dba::steps {
namespace {

Failure refused(const GitGap& gap) {
    if (gap.kind == GitGap::Kind::submodule)
        return bad_input(
            gap.path,
            fmt::format("lies among the application's packages and is a submodule ({}) "
                        "that was not fetched",
                        gap.target),
            "say GIT_SUBMODULES, or `git submodule update --init` for a SOURCE_DIR; "
            "what is not needed may be named in EXCLUDE");
    return bad_input(gap.path,
                     fmt::format("lies among the application's packages and is a symbolic link out "
                                 "of the repository, to {}",
                                 gap.target),
                     "have the files in the repository, or name the link in EXCLUDE");
}

// A pointer is a short text (git-lfs, docs/spec.md).
bool is_lfs_pointer(const fs::path& file) {
    static constexpr std::string_view start = "version https://git-lfs.github.com/spec/";
    if (symlink_exists(file)) return false;
    const auto head = read_head(file, 1024);
    return head && head->size() < 1024 && head->starts_with(start);
}

// "src/" of "src/hello/": the folder that is there for packages; "" when that is the project's own,
// which holds all sorts of things.
std::string beside(const std::string& folder) {
    const auto end = folder.rfind('/', folder.size() - 2);
    return folder.size() < 2 || end == std::string::npos ? "" : folder.substr(0, end + 1);
}

bool would_be_taken(const std::string& path, const Taken& taken) {
    if (taken.left_out && taken.left_out(path)) return false;
    const std::string first = path.substr(0, path.find('/'));
    if (taken.whole) return first != "docs" && first != "doc" && first != "examples";
    return std::any_of(taken.folders.begin(), taken.folders.end(), [&](const auto& folder) {
        const std::string around = beside(folder);
        return (path + "/").starts_with(folder) || (!around.empty() && path.starts_with(around));
    });
}

}  // namespace

Result<void> refuse_gaps(const FetchedSource& source, const Taken& taken) {
    const std::string below = source.subdir.empty() ? "" : source.subdir + "/";
    for (const GitGap& gap : source.gaps)
        if (gap.path.starts_with(below) && would_be_taken(gap.path.substr(below.size()), taken))
            return refused(gap);
    for (const auto& path : taken.packed)
        if (is_lfs_pointer(source.directory / path))
            return bad_input(
                path, "is a Git LFS pointer, which the wheel would hold in place of the file",
                "build from a work tree that has the file (`git lfs pull`, SOURCE_DIR), "
                "commit it itself (`git lfs migrate export`), or name it in EXCLUDE");
    return {};
}

std::optional<std::string> remedy_of_gaps(const FetchedSource& source) {
    for (const GitGap& gap : source.gaps)
        if (gap.kind == GitGap::Kind::submodule)
            return fmt::format(
                "the submodule {} was not fetched; if the build needs it, say "
                "GIT_SUBMODULES, or `git submodule update --init` for a SOURCE_DIR",
                gap.path);
    if (source.shallow)
        return "the clone is shallow, so tags and history may be missing: git fetch --unshallow "
               "--tags";
    return std::nullopt;
}

}  // namespace dba::steps
