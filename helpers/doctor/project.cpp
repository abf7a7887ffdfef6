#include "doctor/project.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "steps/build_depends/build_depends.hpp"
#include "system/debian/kept_root.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba {

namespace {

constexpr int deepest = 4;  // below a build directory: packages of subdirectories

void find_declarations(const fs::path& directory, int depth, std::vector<fs::path>& found) {
    for (const fs::path& path : paths_in(directory)) {
        const std::string name = path.filename().string();
        if (name.ends_with(".declaration.json") && file_exists(path)) found.push_back(path);
        const bool of_a_build = name.ends_with(".work") || name == "CMakeFiles" || name == "_deps";
        if (depth > 0 && !of_a_build && !symlink_exists(path) && directory_exists(path))
            find_declarations(path, depth - 1, found);
    }
}

void check_named(Checks& checks, const Declaration& declaration, const char* keyword,
                 const std::string& path) {
    if (path.empty()) return;
    const fs::path whole = fs::path(declaration.directory) / path;
    if (path_exists(whole)) return;
    checks.push_back({fmt::format("{} {}", keyword, path), Check::State::fault,
                      fmt::format("{} is not there", whole.string()),
                      fmt::format("correct {} in add_venv_deb({})", keyword, declaration.name)});
}

void check_build_depends(Checks& checks, const Declaration& declaration) {
    if (declaration.build_depends.empty()) return;
    Check check{"BUILD_DEPENDS", {}, "are installed", {}};
    if (!declaration.suites.empty()) {
        check.found = "are installed into the root of each suite";
    } else if (const auto missing = steps::missing_build_depends(declaration.build_depends, "/");
               !missing) {
        check.state = Check::State::fault;
        check.found = missing.error().cause;
        check.remedy = missing.error().hint;
    } else if (!missing->empty()) {
        check.state = Check::State::fault;
        check.found = fmt::format("are not all installed: {}", fmt::join(*missing, ", "));
        check.remedy = fmt::format("cmake --build . --target {}-build-deps", declaration.name);
    }
    checks.push_back(check);
}

void check_packer(Checks& checks, const Declaration& declaration) {
    if (declaration.packer != "fpm") return;
    const std::string& given = declaration.tools.fpm;
    if (given.empty() ? find_in_path("fpm").has_value() : file_exists(given)) return;
    checks.push_back({"PACKER fpm", Check::State::fault, "fpm is not on this machine",
                      "gem install fpm (or leave PACKER out)"});
}

void check_suites(Checks& checks, const Declaration& declaration) {
    const auto notes = kept_roots(cache_directory() / "roots");
    for (const std::string& said : declaration.suites)
        for (const auto& suite : text::split(said, '+')) {
            const auto of = [&](const RootNote& note) { return note.suite == suite; };
            const auto note = std::find_if(notes.begin(), notes.end(), of);
            checks.push_back(
                {fmt::format("root of {}", suite),
                 Check::State::ok,
                 note == notes.end()
                     ? "is not there yet: the first build makes it, in about a minute"
                     : fmt::format("{} old", age_text(std::max(0LL, now() - note->made))),
                 {}});
        }
}

}  // namespace

std::vector<fs::path> declarations_in(const fs::path& directory) {
    std::vector<fs::path> found;
    find_declarations(directory, deepest, found);
    std::sort(found.begin(), found.end());
    return found;
}

Checks check_project(const Declaration& declaration) {
    Checks checks;
    check_named(checks, declaration, "SOURCE_DIR", declaration.source_dir);
    check_named(checks, declaration, "WHEELHOUSE", declaration.wheelhouse);
    if (!declaration.git) {  // else they may be the commit's
        check_named(checks, declaration, "LOCK", declaration.lock);
        for (const std::string& file : declaration.requirements)
            check_named(checks, declaration, "REQUIREMENTS", file);
    } else if (declaration.git->repository.starts_with('/')) {
        check_named(checks, declaration, "GIT_REPOSITORY", declaration.git->repository);
    }
    check_build_depends(checks, declaration);
    check_packer(checks, declaration);
    check_suites(checks, declaration);
    if (checks.empty())
        checks.push_back({"declaration", Check::State::ok, "what it names is there", {}});
    return checks;
}

}  // namespace dba
