#include "rehearsal/look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

int number_of(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// supervisord's words on the processes of each program, by program: "web:web_1 RUNNING pid 7, ...".
Result<std::map<std::string, std::vector<std::string>>> ask_supervisord(Container& container) {
    std::map<std::string, std::vector<std::string>> lines_of;
    // Its exit status tells nothing: 3 when any program of any package is not running.
    TRY_ASSIGN(const Completed told, container.run({"supervisorctl", "status"}));
    text::Lines lines(told.out);
    for (std::string_view line; lines.next(line);) {
        const auto words = text::words(line);
        if (words.size() < 2) continue;
        lines_of[std::string(words[0].substr(0, words[0].find(':')))].emplace_back(line);
    }
    return lines_of;
}

ServiceSeen from_supervisord(const std::vector<std::string>& lines, int instances) {
    ServiceSeen seen;
    std::array<int, 3> count{};  // running, coming, stopped
    for (const std::string& line : lines) {
        const auto words = text::words(line);
        seen.words += (seen.words.empty() ? "" : "; ") + line;
        if (words[1] == "RUNNING" && words.size() > 3) {
            ++count[0];
            seen.mains.push_back(number_of(words[3]));
        } else if (words[1] == "STARTING" || words[1] == "BACKOFF" || words[1] == "STOPPING") {
            ++count[1];
        } else if (words[1] == "STOPPED") {
            ++count[2];
        }
    }
    const int all = static_cast<int>(lines.size());
    if (lines.empty()) return seen;
    if (count[0] == all && all == instances)
        seen.state = ServiceSeen::running;
    else if (count[1] > 0)
        seen.state = ServiceSeen::coming;
    else
        seen.state = count[2] == all ? ServiceSeen::stopped : ServiceSeen::failed;
    return seen;
}

// The properties of units, by their names.
Result<std::map<std::string, std::map<std::string, std::string>>> ask_systemd(
    Container& container, const std::vector<std::string>& units) {
    std::map<std::string, std::map<std::string, std::string>> properties_of;
    if (units.empty()) return properties_of;
    std::vector<std::string> argv{
        "systemctl", "show",
        "--property=Id,LoadState,ActiveState,SubState,MainPID,UnitFileState,Type,NRestarts", "--"};
    argv.insert(argv.end(), units.begin(), units.end());
    TRY_ASSIGN(const Completed told, container.run(argv));
    std::map<std::string, std::string> properties;
    const auto close = [&] {
        if (!properties.empty()) properties_of[properties["Id"]] = properties;
        properties.clear();
    };
    text::Lines lines(told.out);
    for (std::string_view line; lines.next(line);) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            close();
        else
            properties[std::string(line.substr(0, equals))] = line.substr(equals + 1);
    }
    close();
    return properties_of;
}

ServiceSeen from_systemd(
    const DescribedService& service,
    const std::map<std::string, std::map<std::string, std::string>>& properties_of) {
    ServiceSeen seen;
    const auto property = [&](const std::string& unit, const char* name) {
        const auto found = properties_of.find(unit);
        if (found == properties_of.end()) return std::string();
        const auto value = found->second.find(name);
        return value == found->second.end() ? std::string() : value->second;
    };
    seen.enabled = property(service.program, "UnitFileState").starts_with("enabled");
    const auto units = units_of(service);
    std::array<int, 3> count{};  // running, coming, stopped
    for (const std::string& unit : units) {
        const std::string state = property(unit, "ActiveState");
        const std::string load = property(unit, "LoadState");
        if (property(unit, "Type") == "oneshot") seen.is_lasting = false;
        seen.words += fmt::format("{}{} {} ({})", seen.words.empty() ? "" : "; ", unit, state,
                                  property(unit, "SubState"));
        const int main = number_of(property(unit, "MainPID"));
        if (state == "active") {
            ++count[0];
            if (main != 0) seen.mains.push_back(main);
        } else if (state == "activating" || state == "reloading" || state == "deactivating") {
            ++count[1];
        } else if (state == "inactive" && load != "not-found") {
            ++count[2];
        } else if (load == "not-found" && state != "failed") {
            continue;
        } else {
            seen.state = ServiceSeen::failed;
        }
    }
    const int all = static_cast<int>(units.size());
    if (count[0] == all)
        seen.state = ServiceSeen::running;
    else if (count[1] > 0)
        seen.state = ServiceSeen::coming;
    else if (count[2] == all)
        seen.state = ServiceSeen::stopped;
    else if (count[0] + count[2] > 0)
        seen.state = ServiceSeen::failed;
    return seen;
}

Result<std::map<std::string, ServiceSeen>> look_at_services(Container& container,
                                                            const RehearsedPackage& package) {
    std::vector<std::string> units;
    bool supervised = false;
    for (const DescribedService& service : package.description.services) {
        if (service.runner == "supervisord") {
            supervised = true;
            continue;
        }
        const auto all = units_of(service);
        units.insert(units.end(), all.begin(), all.end());
        if (std::find(all.begin(), all.end(), service.program) == all.end())
            units.push_back(service.program);
    }
    TRY_ASSIGN(const auto properties_of, ask_systemd(container, units));
    std::map<std::string, std::vector<std::string>> lines_of;
    std::error_code none;
    if (supervised && fs::exists(container.root() / "usr/bin/supervisorctl", none)) {
        TRY_ASSIGN(lines_of, ask_supervisord(container));
    }
    std::map<std::string, ServiceSeen> services;
    for (const DescribedService& service : package.description.services) {
        ServiceSeen& seen = services[service.program];
        if (service.runner != "supervisord") {
            seen = from_systemd(service, properties_of);
            continue;
        }
        seen = from_supervisord(lines_of[service.program], service.instances);
        seen.enabled = fs::is_symlink(
            container.root() / "etc/supervisor/conf.d" / (service.program + ".conf"), none);
    }
    return services;
}

// Which service a process is of: by its unit, or, under supervisord, by its ancestors.
std::string service_of(const SeenProcess& process, const RehearsedPackage& package,
                       const std::map<std::string, ServiceSeen>& services,
                       const std::map<int, const SeenProcess*>& by_number) {
    for (const DescribedService& service : package.description.services) {
        if (service.runner != "supervisord") {
            const auto units = units_of(service);
            if (std::find(units.begin(), units.end(), process.unit) != units.end())
                return service.program;
            continue;
        }
        const auto& mains = services.at(service.program).mains;
        const SeenProcess* at = &process;
        for (std::size_t depth = 0; depth < by_number.size(); ++depth) {
            if (std::find(mains.begin(), mains.end(), at->pid) != mains.end())
                return service.program;
            const auto parent = by_number.find(at->parent);
            if (parent == by_number.end()) break;
            at = parent->second;
        }
    }
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
            users[std::string(fields[0])] = static_cast<unsigned>(number_of(fields[2]));
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
    std::map<int, const SeenProcess*> by_number;
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
    const std::string ask =
        "import sys, urllib.request as u\n"
        "u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=3).close()";
    TRY_ASSIGN(const Completed asked, container.run({"timeout", "5", package.description.python,
                                                     "-I", "-B", "-c", ask, service.healthcheck}));
    words = asked.status == 124 ? "no answer in 5 s" : last_lines(asked.err, 1);
    return asked.status == 0;
}

Result<std::set<std::string>> failed_units(Container& container) {
    TRY_ASSIGN(const Completed told, container.run({"systemctl", "list-units", "--state=failed",
                                                    "--plain", "--no-legend", "--no-pager"}));
    std::set<std::string> units;
    text::Lines lines(told.out);
    for (std::string_view line; lines.next(line);)
        if (const auto words = text::words(line); !words.empty()) units.emplace(words[0]);
    return units;
}

std::string log_of(Container& container, const RehearsedPackage& package,
                   const DescribedService& service) {
    std::vector<std::string> argv{"sh", "-c"};
    if (service.runner == "supervisord") {
        argv.emplace_back("supervisorctl status \"$1:*\"; tail -q -n 8 \"$2\".log \"$2\"_*.log");
        argv.insert(argv.end(),
                    {"log", service.program,
                     fmt::format("/var/log/supervisor/{}_{}", package.package, service.name)});
    } else {
        argv.emplace_back("journalctl --quiet --no-pager --lines=10 --unit=\"$1\"");
        argv.insert(argv.end(), {"log", units_of(service).front()});
    }
    const auto told = container.run(argv);
    return told ? last_lines(told->out, 12) : "";
}

std::string look_command(const std::string& root, const RehearsedPackage& package,
                         const DescribedService& service) {
    if (service.runner == "supervisord")
        return fmt::format("tail -n 50 {}/var/log/supervisor/{}_{}*.log", root, package.package,
                           service.name);
    return fmt::format("journalctl --directory={}/var/log/journal --unit={}", root,
                       units_of(service).front());
}

}  // namespace dba::rehearsal
