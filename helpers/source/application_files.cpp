#include "source/application_files.hpp"

#include <array>
#include <string>
#include <system_error>

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
    std::error_code ignored;
    const auto full = source / relative;
    // A virtual environment and a CMake build directory are told by what they hold.
    return !(fs::is_directory(full, ignored) && (fs::exists(full / "pyvenv.cfg", ignored) ||
                                                 fs::exists(full / "CMakeCache.txt", ignored)));
}

}  // namespace dba
