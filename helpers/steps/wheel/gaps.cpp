#include "steps/wheel/gaps.hpp"

#include <fmt/format.h>

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

}  // namespace

Result<void> refuse_gaps(const FetchedSource& source, const std::vector<std::string>& folders,
                         const std::vector<std::string>& packed) {
    const std::string below = source.subdir.empty() ? "" : source.subdir + "/";
    for (const GitGap& gap : source.gaps)
        for (const auto& folder : folders)
            if ((gap.path + "/").starts_with(below + folder)) return refused(gap);
    for (const auto& path : packed)
        if (is_lfs_pointer(source.directory / path))
            return bad_input(
                path, "is a Git LFS pointer, which the wheel would hold in place of the file",
                "build from a work tree that has the file (`git lfs pull`, SOURCE_DIR), "
                "commit it itself (`git lfs migrate export`), or name it in EXCLUDE");
    return {};
}

}  // namespace dba::steps
