#include "system/host.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "system/files/digest.hpp"

namespace dba {

namespace fs = std::filesystem;

namespace {

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

fs::path data_directory() {
    fs::path data = variable("XDG_DATA_HOME");
    return data.empty() ? fs::path(variable("HOME")) / ".local/share" : data;
}

std::vector<fs::path> search_path() {
    std::vector<fs::path> directories;
    const std::string path = variable("PATH");
    for (std::size_t from = 0; from <= path.size();) {
        const auto to = std::min(path.find(':', from), path.size());
        if (to > from) directories.emplace_back(path.substr(from, to - from));
        from = to + 1;
    }
    return directories;
}

}  // namespace

fs::path tools_directory() {
    return data_directory() / "deb-build-app/tools";
}

fs::path cache_directory() {
    const fs::path cache = variable("XDG_CACHE_HOME");
    // A relative one is invalid (XDG Base Directory Specification) and ignored.
    return (cache.is_absolute() ? cache : real_home() / ".cache") / "deb-build-app";
}

std::optional<fs::path> find_in_path(const std::string& name) {
    for (const fs::path& directory : search_path()) {
        const fs::path candidate = directory / name;
        std::error_code ignored;
        if (fs::is_regular_file(candidate, ignored) && ::access(candidate.c_str(), X_OK) == 0)
            return fs::absolute(candidate, ignored);
    }
    return std::nullopt;
}

PythonPlaces python_places() {
    PythonPlaces places;
    places.path = search_path();
    const fs::path pyenv = variable("PYENV_ROOT");
    places.pyenv = (pyenv.empty() ? fs::path(variable("HOME")) / ".pyenv" : pyenv) / "versions";
    places.uv = variable("UV_PYTHON_INSTALL_DIR");
    if (places.uv.empty()) places.uv = data_directory() / "uv/python";
    return places;
}

fs::path faketime_library() {
    std::error_code error;
    for (fs::directory_iterator item("/usr/lib", error), end; !error && item != end;
         item.increment(error)) {
        fs::path library = item->path() / "faketime/libfaketime.so.1";
        std::error_code ignored;
        if (fs::exists(library, ignored)) return library;
    }
    return {};
}

Environment own_environment() {
    Environment environment;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string assignment(*entry);
        if (const auto equals = assignment.find('='); equals != std::string::npos)
            environment[assignment.substr(0, equals)] = assignment.substr(equals + 1);
    }
    return environment;
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
