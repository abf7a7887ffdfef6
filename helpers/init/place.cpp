#include "init/place.hpp"

#include <fmt/format.h>

namespace dba::init {
namespace {

std::string from_to(const fs::path& from, const fs::path& to) {
    return to.lexically_relative(from).string();
}

std::string some(const std::vector<std::string>& names) {
    constexpr std::size_t most = 3;
    std::string all;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        all += (i == 0 ? "" : ", ") + names[i];
    return names.size() > most ? all + ", …" : all;
}

}  // namespace

Result<Place> place_of(const fs::path& project, const fs::path& file, Git& git) {
    Place place;
    const fs::path base = file.parent_path();
    place.source_dir = from_to(base, project);
    TRY_ASSIGN(const auto worktree, git.worktree(project));
    if (!worktree) return place;
    place.in_git = true;
    const fs::path top = worktree->top.lexically_normal();
    place.repository = from_to(base, top.filename().empty() ? top.parent_path() : top);
    const std::string below = from_to(top, project);
    if (below != ".") place.subdirectory = below;
    const auto modules = read_file_if_exists(top / ".gitmodules");
    place.submodules = modules && *modules && !(*modules)->empty();
    TRY_ASSIGN(const GitUncommitted found, git.uncommitted(top, {below}));
    for (const std::string& path : found.changed) {
        const fs::path whole = top / path;
        // The file itself needs no commit; nor does what the build makes.
        if (whole == file || whole.filename() == "CMakeLists.txt" ||
            path_exists(whole.parent_path() / "CMakeCache.txt") || path.starts_with("build/"))
            continue;
        place.uncommitted.push_back(path);
    }
    return place;
}

void add_place(const Place& place, Draft& draft) {
    std::string commit =
        fmt::format("GIT_REPOSITORY {} GIT_TAG HEAD", cmake_word(place.repository));
    if (!place.subdirectory.empty()) commit += " GIT_SUBDIR " + cmake_word(place.subdirectory);
    if (place.submodules) commit += " GIT_SUBMODULES";
    const std::string directory = "SOURCE_DIR " + cmake_word(place.source_dir);
    if (!place.in_git) {
        draft.add(directory, "no commit has it: the directory as it is");
    } else if (place.uncommitted.empty()) {
        draft.add(commit, fmt::format("what is committed, at the commit that is checked out, and "
                                      "nothing else; {} is the directory as it is",
                                      directory));
    } else {
        draft.add(directory, fmt::format("the directory as it is, since no commit has {} so; once "
                                         "it is committed: {}",
                                         some(place.uncommitted), commit));
    }
}

}  // namespace dba::init
