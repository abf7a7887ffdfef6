#include "steps/wheel/place.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <array>

namespace dba::steps {
namespace {

// Build scripts are programs.
bool may_execute(const fs::path& directory) {
    struct statvfs status {};
    return ::statvfs(directory.c_str(), &status) == 0 && (status.f_flag & ST_NOEXEC) == 0;
}

}  // namespace

std::optional<fs::path> misleading_file_above(const fs::path& directory) {
    static constexpr std::array names{".git",
                                      ".hg",
                                      ".svn",
                                      ".gitignore",
                                      ".hgignore",
                                      "pyproject.toml",
                                      "setup.cfg",
                                      "setup.py",
                                      "MANIFEST.in",
                                      "tox.ini",
                                      "conftest.py",
                                      "poetry.toml",
                                      "hatch.toml",
                                      "pdm.toml",
                                      "uv.toml",
                                      "Cargo.toml",
                                      ".cargo/config.toml"};
    for (fs::path at = fs::absolute(directory).lexically_normal();; at = at.parent_path()) {
        for (const char* name : names)
            if (path_exists(at / name)) return at / name;
        if (at == at.parent_path()) return std::nullopt;
    }
}

std::vector<fs::path> temporary_directories() {
    std::error_code error;
    return {fs::temp_directory_path(error), "/tmp", "/var/tmp"};
}

Result<BuildPlace> BuildPlace::open(Store& store, const std::vector<fs::path>& others) {
    std::vector<std::string> above;
    if (const auto file = misleading_file_above(store.work() / "tmp")) {
        above.push_back(file->string());
    } else {
        TRY_ASSIGN(fs::path scratch, store.scratch("wheel"));
        return BuildPlace(std::move(scratch));
    }
    for (const fs::path& other : others) {
        if (!directory_exists(other) || !may_execute(other)) continue;
        if (const auto file = misleading_file_above(other)) {
            above.push_back(file->string());
            continue;
        }
        if (auto scratch = make_scratch(other, "wheel")) return BuildPlace(std::move(*scratch));
    }
    return system_error("wheel",
                        fmt::format("there is no place to build in: build backends read {}, which "
                                    "lie above each",
                                    fmt::join(above, ", ")),
                        "set TMPDIR to a directory that has no other project above it");
}

BuildPlace::BuildPlace(BuildPlace&& other) noexcept : directory_(std::move(other.directory_)) {
    other.directory_.clear();
}

BuildPlace::~BuildPlace() {
    if (!directory_.empty()) (void)remove_tree(directory_);
}

}  // namespace dba::steps
