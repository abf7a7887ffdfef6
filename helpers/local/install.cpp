#include "local/install.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba {

namespace {

using rehearsal::RehearsedPackage;

bool is_for(const RehearsedPackage& package, const std::string& suite,
            const std::string& architecture) {
    if (package.architecture != architecture && package.architecture != "all") return false;
    const std::string& suites = package.description.suite;
    if (suites.empty() || suite.empty()) return true;
    const auto all = text::split(suites, '+');
    return std::find(all.begin(), all.end(), suite) != all.end();
}

std::string told(const RehearsedPackage& package) {
    return fmt::format("{} is for {} {}", package.deb.filename().string(),
                       package.description.suite.empty() ? "any suite" : package.description.suite,
                       package.architecture);
}

Result<std::string> installed_version(const std::string& package) {
    TRY_ASSIGN(const auto database, DpkgDatabase::open("/"));
    const InstalledPackage* found = database.find(package);
    return found == nullptr ? std::string() : found->version;
}

// What a manager says of a unit; whatever it exits with, it has said it.
std::string said(std::vector<std::string> argv, ProcessRunner& processes) {
    const auto ran = processes.run({std::move(argv), own_environment(), "/", {}});
    if (!ran) return ran.error().cause;
    const std::string& words = ran->out.empty() ? ran->err : ran->out;
    return std::string(text::trim(words.substr(0, words.find('\n'))));
}

ServiceState by_systemd(const DescribedService& service, const std::string& unit,
                        ProcessRunner& processes) {
    ServiceState out{service.name, unit, {}, service.healthcheck, false};
    if (!directory_exists("/run/systemd/system")) {
        out.state = "not started: systemd does not run here";
        return out;
    }
    out.state = said({"systemctl", "is-active", unit}, processes);
    out.runs = out.state == "active";
    return out;
}

ServiceState by_supervisord(const DescribedService& service, ProcessRunner& processes) {
    ServiceState out{service.name, service.program, {}, service.healthcheck, false};
    // "hello-web:hello-web_00   RUNNING   pid 12, uptime 0:00:03"
    const std::string line = said({"supervisorctl", "status", service.program + ":*"}, processes);
    const auto words = text::words(line);
    out.state = words.size() > 1 && words[0].starts_with(service.program) ? std::string(words[1])
                                                                          : "unknown: " + line;
    out.runs = out.state == "RUNNING";
    return out;
}

}  // namespace

Result<RehearsedPackage> package_for_this_machine(const std::vector<fs::path>& debs,
                                                  const std::string& suite,
                                                  const std::string& architecture) {
    std::vector<RehearsedPackage> fitting;
    std::vector<std::string> all;
    for (const fs::path& deb : debs) {
        TRY_ASSIGN(auto package, rehearsal::read_rehearsed(deb));
        all.push_back(told(package));
        if (is_for(package, suite, architecture)) fitting.push_back(std::move(package));
    }
    const std::string machine = fmt::format("{} {}", suite, architecture);
    if (fitting.empty())
        return bad_input(machine, fmt::format("none of them is for it: {}", fmt::join(all, "; ")),
                         "build one for this machine: without SUITES, or with " +
                             (suite.empty() ? std::string("its suite") : suite));
    if (fitting.size() > 1)
        return bad_input(machine, fmt::format("several are for it: {}", fmt::join(all, "; ")),
                         "name one");
    return std::move(fitting[0]);
}

Result<Installed> install_here(const RehearsedPackage& package, ProcessRunner& processes,
                               Log& log) {
    Installed out{package.package, package.version, {}, {}};
    TRY_ASSIGN(out.before, installed_version(package.package));
    const std::string file = fs::absolute(package.deb).lexically_normal().string();
    // The same version, built again, is another package; and going back is what one tries, too.
    std::vector<std::string> argv{"apt-get", "-q", "-y", "--reinstall", "--allow-downgrades",
                                  "install", file};
    if (::geteuid() != 0) {
        if (!find_in_path("sudo"))
            return system_error("install", "needs root, and there is no sudo",
                                "as root: " + quote_command(argv));
        argv.insert(argv.begin(), "sudo");
    }
    Environment environment = own_environment();
    // A question would be asked where nobody sees it.
    environment.try_emplace("DEBIAN_FRONTEND", "noninteractive");
    if (argv[0] == "sudo")
        argv.insert(argv.begin() + 1, "DEBIAN_FRONTEND=" + environment.at("DEBIAN_FRONTEND"));
    log.step("install", quote_command(argv));
    TRY(processes.check({argv, environment, "/", {}}));
    for (const DescribedService& service : package.description.services) {
        if (service.runner == "supervisord") {
            out.services.push_back(by_supervisord(service, processes));
            continue;
        }
        for (const std::string& unit : rehearsal::units_of(service))
            out.services.push_back(by_systemd(service, unit, processes));
    }
    return out;
}

std::string installed_text(const Installed& installed) {
    std::string text = fmt::format("{} {} is installed", installed.package, installed.version);
    if (installed.before == installed.version)
        text += ", once more";
    else if (!installed.before.empty())
        text += ", over " + installed.before;
    text += "\n";
    for (const ServiceState& one : installed.services) {
        text += fmt::format("  {}  {}", one.unit, one.state);
        if (!one.healthcheck.empty()) text += "  " + one.healthcheck;
        text += "\n";
    }
    return text +
           fmt::format(
               "To undo it: sudo apt-get remove {0} (purge: with its configuration, data and "
               "logs)\n",
               installed.package);
}

}  // namespace dba
