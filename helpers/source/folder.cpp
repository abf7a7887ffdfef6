#include "source/folder.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "formats/python/project.hpp"
#include "system/files/resources.hpp"

namespace dba {

namespace {

// Hidden, so that it is no part of what the backend installs.
constexpr const char* backend_directory = ".deb-build-app";

}  // namespace

bool holds_modules(const fs::path& directory) {
    for (const fs::path& path : paths_in(directory)) {
        if (path.extension() == ".py" && file_exists(path)) return true;
        if (file_exists(path / "__init__.py")) return true;
    }
    return false;
}

Error no_python_project(const std::string& where) {
    return Error{ExitCode::bad_input,
                 {},
                 where,
                 "is not a Python project: it holds no pyproject.toml, setup.cfg or setup.py that "
                 "describes one, and no Python module or package",
                 "name the folder that holds them (SOURCE_DIR, or GIT_SUBDIR)"};
}

Result<void> describe_folder(const fs::path& directory, const Manifest& manifest) {
    TRY_ASSIGN(const auto pyproject, read_file_if_exists(directory / "pyproject.toml"));
    TRY_ASSIGN(const auto setup_cfg, read_file_if_exists(directory / "setup.cfg"));
    TRY_ASSIGN(const auto setup_py, read_file_if_exists(directory / "setup.py"));
    TRY_ASSIGN(const bool is_project, describes_project(pyproject, setup_cfg, setup_py,
                                                        (directory / "pyproject.toml").string()));
    if (is_project) return {};
    if (!holds_modules(directory)) {
        const auto& source = manifest.source;
        return Failure(no_python_project(!source.is_git() ? source.directory
                                         : source.subdir.empty()
                                             ? source.repository
                                             : source.repository + " " + source.subdir));
    }
    const auto home = directory / backend_directory;
    TRY(make_directories(home));
    TRY(write_file(home / "folder_backend.py", std::string(resource("python/folder_backend.py"))));
    return write_file(
        directory / "pyproject.toml",
        fmt::format("[build-system]\n"
                    "requires = []\n"
                    "build-backend = \"folder_backend\"\n"
                    "backend-path = [\"{}\"]\n\n"
                    "[project]\n"
                    "name = \"{}\"\n"
                    "version = \"{}\"\n",
                    backend_directory, manifest.project.name, manifest.project.version));
}

}  // namespace dba
