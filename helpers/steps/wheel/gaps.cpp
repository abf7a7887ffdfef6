#include "steps/wheel/gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "source/lfs.hpp"
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

// What builds read beside the packages, and put into the metadata or beside it.
bool is_read_by_builds(const std::string& name) {
    static constexpr std::array globs = {
        "readme*",  "licen[cs]e*",    "copying*",  "notice*",  "authors*",    "change*", "history*",
        "version*", "pyproject.toml", "setup.cfg", "setup.py", "manifest.in", "pkg-info"};
    return std::any_of(globs.begin(), globs.end(),
                       [&](const char* glob) { return glob_match(glob, text::lower(name)); });
}

// Where a file of the source really lies, when that is not in the source: by way of any link.
std::optional<fs::path> place_outside(const fs::path& top, const fs::path& file) {
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    if (error) return std::nullopt;  // nothing is there to be read
    const fs::path source = fs::canonical(top, error);
    if (error || text::is_within(real.string(), source.string())) return std::nullopt;
    return real;
}

Result<void> refuse_links_out(const FetchedSource& source, const Taken& taken) {
    const fs::path& top = source.repository.empty() ? source.directory : source.repository;
    for (const std::string& path : taken.packed)
        if (const auto outside = place_outside(top, source.directory / path))
            return refused({GitGap::Kind::link, path, outside->string()});
    for (const fs::path& path : paths_in(source.directory)) {
        const std::string name = path.filename();
        const auto outside = symlink_exists(path) && is_read_by_builds(name)
                                 ? place_outside(top, path)
                                 : std::nullopt;
        if (!outside || taken.whole || (taken.left_out && taken.left_out(name))) continue;
        return bad_input(
            name,
            fmt::format("is a symbolic link out of the source, to {}: a build would put what it "
                        "holds into the package",
                        outside->string()),
            "have the file itself in the source; LICENSE_FILE, CHANGELOG, CONFIG and FILES may "
            "name one elsewhere");
    }
    return {};
}

}  // namespace

Result<void> refuse_gaps(const FetchedSource& source, const Taken& taken) {
    const std::string below = source.subdir.empty() ? "" : source.subdir + "/";
    for (const GitGap& gap : source.gaps)
        if (gap.path.starts_with(below) && would_be_taken(gap.path.substr(below.size()), taken))
            return refused(gap);
    TRY(refuse_links_out(source, taken));
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
