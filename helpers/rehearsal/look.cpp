#include "rehearsal/look.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba::rehearsal {
namespace {

// Which service a process is of.
std::string service_of(const SeenProcess& process, const RehearsedPackage& package,
                       const ServicesSeen& services, const ProcessesByNumber& by_number) {
    for (const DescribedService& service : package.description.services)
        if (runner_of(service).has_process(service, services.at(service.program), process,
                                           by_number))
            return service.program;
    return "";
}

// Whether a process that is no service's is the package's all the same.
bool is_stray(const SeenProcess& process, const RehearsedPackage& package, long long own_user) {
    if (own_user >= 0 && process.user == static_cast<unsigned long long>(own_user)) return true;
    return std::any_of(process.command.begin(), process.command.end(),
                       [&](const std::string& word) {
                           if (package.described)
                               return word.starts_with(package.description.prefix + "/");
                           return std::find(package.files.begin(), package.files.end(), word) !=
                                  package.files.end();
                       });
}

}  // namespace

bool ships_unit(const RehearsedPackage& package, const std::string& unit) {
    if (unit.empty()) return false;
    // An instance's file is its template's (systemd.unit(5)).
    const std::size_t at = unit.find('@');
    const std::string file =
        at == std::string::npos ? unit : unit.substr(0, at + 1) + unit.substr(unit.rfind('.'));
    return std::any_of(package.files.begin(), package.files.end(), [&](const std::string& each) {
        return each.ends_with("/systemd/system/" + file);
    });
}

std::string to_text(const SeenProcess& process) {
    return fmt::format("{} (user {}): {}", process.pid, process.user,
                       fmt::join(process.command, " "));
}

std::map<std::string, unsigned> users_of(const fs::path& root) {
    std::map<std::string, unsigned> users;
    const std::string bytes = read_file(root / "etc/passwd").value_or("");
    text::Lines lines(bytes);
    for (std::string_view line; lines.next(line);) {
        const auto fields = text::split(line, ':');
        if (fields.size() > 2)
            users[std::string(fields[0])] = static_cast<unsigned>(text::leading_number(fields[2]));
    }
    return users;
}

Result<PackageSeen> look_at(Container& container, const RehearsedPackage& package, bool own_user) {
    PackageSeen seen;
    TRY_ASSIGN(const Completed known,
               container.run({"dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}",
                              package.package}));
    const std::size_t space = known.out.find(' ');
    seen.status = known.status == 0 ? known.out.substr(0, space) : "not-installed";
    if (known.status == 0 && space != std::string::npos) seen.version = known.out.substr(space + 1);

    TRY_ASSIGN(seen.services, look_at_services(container, package));
    TRY_ASSIGN(const auto processes, container.processes());
    ProcessesByNumber by_number;
    for (const SeenProcess& process : processes) by_number[process.pid] = &process;
    const auto users = users_of(container.root());
    const auto user = users.find(package.description.user);
    const long long number = own_user && user != users.end() ? user->second : -1LL;
    for (const SeenProcess& process : processes) {
        if (const auto name = service_of(process, package, seen.services, by_number); !name.empty())
            seen.processes[name].push_back(process);
        // A unit of its own that does its work and ends (CONFIGURE_PLAYBOOK's) may be at it; once
        // the package is gone it may not.
        else if (is_stray(process, package, number) &&
                 (seen.status != "installed" || !ships_unit(package, process.unit)))
            seen.strays.push_back(process);
    }
    return seen;
}

Result<bool> is_healthy(Container& container, const RehearsedPackage& package,
                        const DescribedService& service, std::string& words) {
    if (service.healthcheck.empty()) return true;
    TRY_ASSIGN(
        const Completed asked,
        container.run({"timeout", "5", package.description.python, "-I", "-B", "-c",
                       std::string(resource("python/healthcheck.py")), service.healthcheck}));
    words = asked.status == 124 ? "no answer in 5 s" : last_lines(asked.err, 1);
    return asked.status == 0;
}

Result<std::set<std::string>> failed_units(Container& container) {
    TRY_ASSIGN(const Completed answer, container.run({"systemctl", "list-units", "--state=failed",
                                                      "--plain", "--no-legend", "--no-pager"}));
    std::set<std::string> units;
    text::Lines lines(answer.out);
    for (std::string_view line; lines.next(line);)
        if (const auto words = text::words(line); !words.empty()) units.emplace(words[0]);
    return units;
}

std::string log_of(Container& container, const RehearsedPackage& package,
                   const DescribedService& service) {
    const auto told = container.run(runner_of(service).log_command(package, service));
    return told ? last_lines(told->out, 12) : "";
}

}  // namespace dba::rehearsal
