// This machine: where the tools of the project lie, and this program itself.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// Where setup.sh puts the pinned PyPI tools: ${XDG_DATA_HOME:-~/.local/share}/deb-build-app/tools.
std::filesystem::path tools_directory();

// Where what can be made again is kept: ${XDG_CACHE_HOME:-~/.cache}/deb-build-app.
std::filesystem::path cache_directory();

// The program `name` in this process's PATH.
std::optional<std::filesystem::path> find_in_path(const std::string& name);

// os-release(5) of the Debian system in `root`, and the codename of this machine's suite; "" when
// it names none.
Result<std::string> os_release_text(const std::filesystem::path& root = "/");
std::string own_suite();

// Where Pythons lie on this machine besides the system's own directories.
struct PythonPlaces {
    std::vector<std::filesystem::path> path;  // the directories in PATH
    std::filesystem::path pyenv;              // ${PYENV_ROOT:-~/.pyenv}/versions
    // ${UV_PYTHON_INSTALL_DIR:-${XDG_DATA_HOME:-~/.local/share}/uv/python}
    std::filesystem::path uv;
};
PythonPlaces python_places();

// libfaketime's library, where Debian's package of that name has put it; "" when it is not there.
std::filesystem::path faketime_library();

// This program's own file, and its sha256: in every receipt, so that an upgrade builds anew.
// Carried into another suite's root, it is started by the dynamic loader that lies beside it.
std::filesystem::path own_program();
// The words that start it again: the file, behind that loader where there is one.
std::vector<std::string> own_command();
// What it was loaded with: the libraries, by the names that it asks for, and the dynamic loader,
// the last one; none for a static program.
std::vector<std::filesystem::path> own_libraries();
inline constexpr const char* program_name = "deb-build-app";
Result<std::string> own_digest();

// Seconds since the epoch, for ages shown to people; enters no output.
long long now();

}  // namespace dba
