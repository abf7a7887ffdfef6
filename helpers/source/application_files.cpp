#include "source/application_files.hpp"

#include <array>
#include <string>

#include "formats/debian/version.hpp"
#include "system/files/files.hpp"

namespace dba {

namespace fs = std::filesystem;

bool is_application_file(const fs::path& source, const fs::path& relative) {
    static constexpr std::array unwanted{".git",        ".hg",           ".svn",   "__pycache__",
                                         ".tox",        ".nox",          ".venv",  ".mypy_cache",
                                         ".ruff_cache", ".pytest_cache", ".direnv"};
    const std::string name = relative.filename().string();
    for (const char* other : unwanted)
        if (name == other) return false;
    if (name.ends_with(".pyc") || name.ends_with(".egg-info")) return false;
    const auto full = source / relative;
    // Their contents show a virtual environment and a CMake build directory.
    return !(directory_exists(full) &&
             (path_exists(full / "pyvenv.cfg") || path_exists(full / "CMakeCache.txt")));
}

bool is_own(const Layer& layer, const Manifest& manifest) {
    // A distribution's layer is called after it and its version.
    const std::string distribution = layer.name.substr(0, layer.name.rfind(' '));
    return layer.name == "host" || layer.name == "FINISH" ||
           normalise_distribution(distribution) == normalise_distribution(manifest.project.name);
}

}  // namespace dba
