#include "steps/resolve_target.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "formats/control.hpp"
#include "system/digest.hpp"
#include "system/files.hpp"
#include "system/host.hpp"

namespace dba::steps {

namespace fs = std::filesystem;

namespace {

// os-release(5): KEY=value, the value perhaps in quotes.
std::string os_release_value(const std::string& text, const std::string& key) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(key + "=")) continue;
        std::string value = line.substr(key.size() + 1);
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\''))
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

fs::path inside(const std::string& root, const std::string& path) {
    return root == "/" ? fs::path(path) : fs::path(root + path);
}

// Follows symlinks within the root: an absolute target means the root's own.
std::string follow(const std::string& root, std::string path) {
    std::error_code error;
    for (int i = 0; i < 40; ++i) {
        const auto target = fs::read_symlink(inside(root, path), error);
        if (error) return path;
        const auto next = target.is_absolute() ? target : fs::path(path).parent_path() / target;
        path = next.lexically_normal().string();
    }
    return path;
}

struct Installed {
    std::string architecture, version;
};

// Version and architecture of an installed package, by the dpkg status of the root.
Result<std::optional<Installed>> installed_package(const std::string& status,
                                                   const std::string& package,
                                                   const std::string& file_name) {
    const std::string head = "Package: " + package + "\n";
    for (std::size_t at = 0; (at = status.find(head, at)) != std::string::npos; ++at) {
        if (at != 0 && status[at - 1] != '\n') continue;
        const auto end = std::min(status.find("\n\n", at), status.size());
        TRY_ASSIGN(const auto stanzas,
                   parse_control(std::string_view(status).substr(at, end - at), file_name));
        if (stanzas.empty()) continue;
        const auto* state = stanzas[0].find("Status");
        const auto* version = stanzas[0].find("Version");
        const auto* architecture = stanzas[0].find("Architecture");
        if (state != nullptr && state->ends_with(" installed") && version != nullptr &&
            architecture != nullptr)
            return Installed{*architecture, *version};
    }
    return std::nullopt;
}

// "3.11.2-6+deb12u6" -> "3.11.2": the upstream part of Debian's python3.11.
std::string upstream_part(std::string version) {
    if (const auto colon = version.find(':'); colon != std::string::npos)
        version.erase(0, colon + 1);
    return version.substr(0, version.find_first_of("-+~"));
}

}  // namespace

Result<Target> resolve_target(const std::string& declared_root) {
    Target target;
    target.root = declared_root.empty() ? "/" : fs::path(declared_root).lexically_normal().string();
    if (target.root.size() > 1 && target.root.back() == '/') target.root.pop_back();
    const auto status_file = inside(target.root, "/var/lib/dpkg/status");
    auto status = read_file(status_file);
    if (!status)
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root,
                         "is no Debian root: " + status_file.string() + " cannot be read",
                         "name a directory that holds a Debian system, such as one made by "
                         "mmdebstrap, or leave it out for this machine");
    auto release = read_file(inside(target.root, "/etc/os-release"));
    if (!release) release = read_file(inside(target.root, "/usr/lib/os-release"));
    if (!release)
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root, "has no os-release file",
                         "install base-files in it");
    // A root that never ran ldconfig has no cache: then libraries are looked up by their owners.
    const auto cache = read_file(inside(target.root, "/etc/ld.so.cache"));
    TRY_ASSIGN(const auto dpkg, installed_package(*status, "dpkg", status_file.string()));
    if (!dpkg)
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root,
                         "has no dpkg, so its architecture is not known");
    target.name = os_release_value(*release, "ID") + "-" + os_release_value(*release, "VERSION_ID");
    target.codename = os_release_value(*release, "VERSION_CODENAME");
    target.architecture = dpkg->architecture;
    target.state_digest = sha256_hex(sha256_hex(*release) + sha256_hex(*status) +
                                     sha256_hex(cache.value_or(std::string())));
    return target;
}

Result<ResolvedPython> resolve_python(const PythonChoice& choice, const Target& target,
                                      System& system) {
    ResolvedPython python;
    python.bundled = choice.mode != "SYSTEM";
    python.libraries_bundled = choice.libraries == "BUNDLED";
    std::string path = choice.executable;
    const std::string asked = !choice.executable.empty() ? "PYTHON_EXECUTABLE " + choice.executable
                              : !choice.version.empty()  ? "PYTHON_VERSION " + choice.version
                                                         : std::string("PYTHON");
    if (path.empty())
        path = choice.version.empty() ? "/usr/bin/python3" : "/usr/bin/python" + choice.version;
    python.executable = follow(target.root, path);
    std::error_code ignored;
    if (!fs::is_regular_file(inside(target.root, python.executable), ignored))
        return bad_input(asked, "there is no " + path + " in the target root " + target.root,
                         choice.version.empty()
                             ? "apt-get install python3 in it"
                             : "apt-get install python" + choice.version + ", or name another");
    const std::string stem = fs::path(python.executable).filename().string();
    if (!stem.starts_with("python3."))
        return bad_input(asked, python.executable + " does not tell its version by its name",
                         "name the python3.X program itself");
    python.version = stem.substr(6);

    const auto status_file = inside(target.root, "/var/lib/dpkg/status");
    TRY_ASSIGN(const auto status, read_file(status_file));
    TRY_ASSIGN(const auto package,
               installed_package(status, stem + "-minimal", status_file.string()));
    if (package && python.executable == "/usr/bin/" + stem) {
        python.full_version = upstream_part(package->version);
    } else {
        TRY_ASSIGN(const auto scratch, system.store.scratch("resolve"));
        TRY_ASSIGN(
            const auto ran,
            system.processes.check({{inside(target.root, python.executable).string(), "-I", "-S",
                                     "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"},
                                    clean_environment(scratch, 0),
                                    scratch,
                                    {}}));
        python.full_version = ran.out.substr(0, ran.out.find('\n'));
    }
    if (!choice.version.empty() && choice.version != python.version)
        return bad_input(asked, python.executable + " is Python " + python.full_version,
                         "ask for that version, or name another PYTHON_EXECUTABLE");
    return python;
}

Result<Installer> resolve_installer(const Declaration& declaration, System& system) {
    Installer installer;
    installer.kind = declaration.installer.empty() ? "uv" : declaration.installer;
    installer.args = declaration.installer_args;
    if (installer.kind == "pip") {
        // pip is the environment's own, from the interpreter's ensurepip: its version is that of
        // the interpreter, which enters the digests by itself.
        return installer;
    }
    fs::path path = declaration.tools.uv;
    std::error_code ignored;
    if (path.empty() && fs::exists(tools_directory() / "bin/uv", ignored))
        path = tools_directory() / "bin/uv";
    if (path.empty()) path = find_program("uv").value_or(fs::path());
    if (path.empty())
        return bad_input("uv", "the installer is not on this machine",
                         "run setup.sh build, or set DEB_VENV_UV, or say INSTALLER pip");
    TRY_ASSIGN(const auto scratch, system.store.scratch("resolve"));
    TRY_ASSIGN(const auto ran,
               system.processes.check(
                   {{path.string(), "--version"}, clean_environment(scratch, 0), scratch, {}}));
    std::istringstream words(ran.out);  // "uv 0.13.9 (...)"
    std::string name;
    words >> name >> installer.version;
    if (name != "uv" || installer.version.empty())
        return system_error(path.string(), "does not say its version: " + ran.out,
                            "set DEB_VENV_UV to a uv program");
    installer.path = path.string();
    return installer;
}

}  // namespace dba::steps
