#include "system/host.hpp"

#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "formats/debian/os_release.hpp"
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

Result<std::string> os_release_text(const fs::path& root) {
    auto text = read_file(root / "etc/os-release");
    return text ? std::move(text) : read_file(root / "usr/lib/os-release");
}

std::string own_suite() {
    return os_release_value(os_release_text().value_or(""), "VERSION_CODENAME");
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

namespace {

fs::path own_executable() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored);
}

// ld-linux-x86-64.so.2, ld-linux-aarch64.so.1, ld64.so.2
bool is_loader(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.starts_with("ld") && name.find(".so") != std::string::npos;
}

}  // namespace

fs::path own_program() {
    fs::path executable = own_executable();
    if (!is_loader(executable)) return executable;
    return executable.parent_path() / program_name;
}

std::vector<std::string> own_command() {
    const fs::path executable = own_executable();
    if (!is_loader(executable)) return {executable.string()};
    return {executable.string(), "--library-path", executable.parent_path().string(),
            own_program().string()};
}

std::vector<fs::path> own_libraries() {
    std::vector<fs::path> libraries;
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t /*size*/, void* out) {
            const fs::path name = info->dlpi_name;
            if (name.is_absolute()) static_cast<std::vector<fs::path>*>(out)->push_back(name);
            return 0;
        },
        &libraries);
    std::stable_partition(libraries.begin(), libraries.end(),
                          [](const fs::path& file) { return !is_loader(file); });
    return libraries;
}

Result<std::string> own_digest() {
    // By the link where it can be: the file may have been replaced since this process started.
    return sha256_file(is_loader(own_executable()) ? own_program() : fs::path("/proc/self/exe"));
}

long long now() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace dba
