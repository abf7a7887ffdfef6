#include "steps/resolve/target.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "formats/debian/os_release.hpp"
#include "steps/resolve/program_version.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba::steps {

namespace fs = std::filesystem;

namespace {

fs::path inside(const std::string& root, const std::string& path) {
    return root == "/" ? fs::path(path) : fs::path(root + path);
}

}  // namespace

Result<Target> resolve_target(const std::string& declared_root) {
    Target target;
    target.root = declared_root.empty() ? "/" : fs::path(declared_root).lexically_normal().string();
    if (target.root.size() > 1 && target.root.back() == '/') target.root.pop_back();
    const auto status_file = inside(target.root, "/var/lib/dpkg/status");
    if (!file_exists(status_file))
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root,
                         "is no Debian root: " + status_file.string() + " cannot be read",
                         "name a directory that holds a Debian system, such as one made by "
                         "mmdebstrap, or leave it out for this machine");
    const auto release = os_release_text(target.root);
    if (!release)
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root, "has no os-release file",
                         "install base-files in it");
    // A root that never ran ldconfig has no cache: then libraries are looked up by their owners.
    const auto cache = read_file(inside(target.root, "/etc/ld.so.cache"));
    TRY_ASSIGN(const auto database, DpkgDatabase::open(target.root));
    if (database.architecture().empty())
        return bad_input("DEB_VENV_TARGET_ROOT " + target.root,
                         "has no dpkg, so its architecture is not known");
    TRY_ASSIGN(const std::string status, sha256_file(status_file));
    target.name = os_release_value(*release, "ID") + "-" + os_release_value(*release, "VERSION_ID");
    target.codename = os_release_value(*release, "VERSION_CODENAME");
    target.architecture = database.architecture();
    target.state_digest =
        sha256_hex(sha256_hex(*release) + status + sha256_hex(cache.value_or(std::string())));
    return target;
}

// The uv that came with this program: beside it in its package or archive, or its wheel's
// dependency: of <prefix>/lib/pythonX/site-packages/deb_build_app/bin the installer has put uv into
// <prefix>/bin.
fs::path uv_of_release() {
    const fs::path top = own_program().parent_path().parent_path();
    if (fs::path beside = top / "lib/deb-build-app/uv"; path_exists(beside)) return beside;
    fs::path of_wheel = (top / "../../../../bin/uv").lexically_normal();
    return top.filename() == "deb_build_app" && path_exists(of_wheel) ? of_wheel : fs::path();
}

fs::path uv_of(const Declaration& declaration) {
    if (!declaration.tools.uv.empty()) return declaration.tools.uv;
    if (fs::path own = uv_of_release(); !own.empty()) return own;
    if (fs::path own = tools_directory() / "bin/uv"; path_exists(own)) return own;
    return find_in_path("uv").value_or(fs::path());
}

Result<Installer> resolve_installer(InstallerKind kind, const Declaration& declaration,
                                    System& system) {
    Installer installer;
    installer.kind = kind;
    installer.args = declaration.installer_args;
    if (kind == InstallerKind::pip) {
        // pip is the environment's own, from the interpreter's ensurepip: its version is that of
        // the interpreter, which enters the digests by itself.
        return installer;
    }
    const fs::path path = uv_of(declaration);
    if (path.empty())
        return bad_input("uv", "the installer is not on this machine",
                         "run setup.sh build, or set DEB_VENV_UV, or say INSTALLER pip");
    TRY_ASSIGN(installer.version,
               program_version(path.string(), "uv", "set DEB_VENV_UV to a uv program", system));
    installer.path = path.string();
    return installer;
}

}  // namespace dba::steps
