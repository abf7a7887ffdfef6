#include "steps/verify/directories.hpp"

#include <algorithm>
#include <array>

#include "system/files/files.hpp"
#include "system/git/paths.hpp"
#include "system/process/environment.hpp"
#include "system/process/toolchains.hpp"

namespace dba::steps {
namespace {

bool is_of_every_machine(const fs::path& directory) {
    static constexpr std::array common{"/",          "/bin",           "/sbin",          "/lib",
                                       "/usr",       "/usr/bin",       "/usr/sbin",      "/usr/lib",
                                       "/usr/local", "/usr/local/bin", "/usr/local/lib", "/etc",
                                       "/opt",       "/var",           "/var/lib",       "/srv"};
    return std::find(common.begin(), common.end(), directory.string()) != common.end();
}

}  // namespace

std::vector<SearchedDirectory> searched_directories(const Manifest& manifest,
                                                    const BuildPlaces& places) {
    std::vector<SearchedDirectory> all;
    const auto add = [&](const fs::path& directory, const char* role, bool only_as_path = false) {
        if (directory.empty()) return;
        fs::path normal = fs::absolute(directory).lexically_normal();
        if (!normal.has_filename()) normal = normal.parent_path();
        if (!is_of_every_machine(normal)) all.push_back({normal.string(), role, only_as_path});
    };
    const auto beside = [&](const fs::path& file, const char* role) {
        if (!file.empty()) add(file.parent_path(), role);
    };

    add(manifest.source.directory, "source directory");
    if (manifest.source.is_git())
        add(local_repository(manifest.source.repository).value_or(""), "source repository");
    add(places.git_cache, "git cache");
    add(places.work / "tmp", "temporary directory");
    add(places.work, "work directory");
    beside(places.declaration, "build directory");
    beside(places.output, "build directory");
    add(places.output_dir, "output directory");
    add(manifest.directory, "declaration's directory");

    add(manifest.wheelhouse, "wheelhouse");
    for (const std::string& file : manifest.requirements) beside(file, "requirements' directory");
    beside(manifest.lock, "lock's directory");
    for (const std::string& file : manifest.build_inputs) beside(file, "build inputs' directory");
    beside(manifest.prepare.playbook, "playbook's directory");
    beside(manifest.configure_playbook, "playbook's directory");

    const fs::path root = manifest.target.root;
    add(root, "target root");
    // An interpreter of its own place: <base>/bin/python3.
    if (!manifest.python.executable.empty()) {
        const fs::path executable = root / fs::path(manifest.python.executable).relative_path();
        add(executable.parent_path().parent_path(), "Python's directory");
    }
    beside(manifest.installer.path, "uv's directory");

    Environment connection;
    pass_connection_settings(connection);  // where the caches are
    add(connection["UV_CACHE_DIR"], "uv cache");
    add(connection["PIP_CACHE_DIR"], "pip cache");
    // Who built a wheel that is on an index may have had it in the same place.
    for (const fs::path& home : toolchain_directories())
        all.push_back({home.lexically_normal().string(), "toolchain's directory", false, true});
    add(real_home(), "home directory", true);
    add("/tmp", "temporary directory", true);
    return all;
}

}  // namespace dba::steps
