#include "steps/resolve/native_python.hpp"

#include <fmt/format.h>

#include "formats/debian/architecture.hpp"
#include "steps/resolve/python.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

Result<void> resolve_native(Target& target, const ResolvedPython& python, System& system) {
    if (target.root == "/") return {};
    const std::string own = own_architecture();
    if (own.empty() || own == target.architecture) return {};
    const std::string subject = "architecture " + target.architecture;
    const std::string machine = machine_word(target.architecture);
    if (machine.empty())
        return bad_input(subject, "is none that packages are made for on another machine",
                         "make the package on such a machine");
    if (python.from_build_host)
        return bad_input("PYTHON_EXECUTABLE " + python.executable,
                         fmt::format("is this machine's, which is {}, and the package is for {}",
                                     own, target.architecture),
                         "leave it out: the package gets the Python of the suite");
    TRY_ASSIGN(const DpkgDatabase here, DpkgDatabase::open("/"));
    std::string found = "none";
    if (file_exists(python.executable)) {
        TRY_ASSIGN(found, full_version(python.executable, "/", here, system));
    }
    if (found != python.full_version)
        return bad_input(
            subject,
            fmt::format("its {} is Python {}, and this machine's, which builds in its place, is {}",
                        python.executable, python.full_version, found),
            "make both roots anew: deb-build-app roots refresh");
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(target.root));
    const InstalledPackage* libc = packages.find("libc6");
    if (libc == nullptr)
        return bad_input(subject, "its root " + target.root + " has no libc6",
                         "make it anew: deb-build-app roots refresh");
    target.native = own;
    target.machine = machine;
    target.libc = libc_of(libc->version);
    return {};
}

}  // namespace dba::steps
