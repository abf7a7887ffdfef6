#include "system/host.hpp"

#include <unistd.h>

#include <chrono>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba {

fs::path tools_directory() {
    return data_home() / "deb-build-app/tools";
}

fs::path cache_directory() {
    return cache_home() / "deb-build-app";
}

std::optional<fs::path> find_in_path(const std::string& name) {
    for (const fs::path& directory : own_search_path()) {
        const fs::path candidate = directory / name;
        if (file_exists(candidate) && ::access(candidate.c_str(), X_OK) == 0)
            return fs::absolute(candidate);
    }
    return std::nullopt;
}

PythonPlaces python_places() {
    PythonPlaces places;
    places.path = own_search_path();
    const fs::path pyenv = own_variable("PYENV_ROOT");
    places.pyenv = (pyenv.empty() ? real_home() / ".pyenv" : pyenv) / "versions";
    places.uv = own_variable("UV_PYTHON_INSTALL_DIR");
    if (places.uv.empty()) places.uv = data_home() / "uv/python";
    return places;
}

fs::path faketime_library() {
    for (const fs::path& directory : paths_in("/usr/lib"))
        if (fs::path library = directory / "faketime/libfaketime.so.1"; path_exists(library))
            return library;
    return {};
}

fs::path own_program() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored);
}

Result<std::string> own_digest() {
    return sha256_file("/proc/self/exe");
}

long long now() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace dba
