#include "rehearsal/systemd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text/text.hpp"

namespace dba::rehearsal {
namespace {

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
        const int main = text::leading_number(property(unit, "MainPID"));
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

Result<ServicesSeen> look_at_units(Container& container,
                                   const std::vector<DescribedService>& services) {
    std::vector<std::string> units;
    for (const DescribedService& service : services) {
        const auto own = units_of(service);
        units.insert(units.end(), own.begin(), own.end());
        if (std::find(own.begin(), own.end(), service.program) == own.end())
            units.push_back(service.program);
    }
    TRY_ASSIGN(const auto properties_of, ask_systemd(container, units));
    ServicesSeen all;
    for (const DescribedService& service : services)
        all[service.program] = from_systemd(service, properties_of);
    return all;
}

bool is_of_unit(const DescribedService& service, const ServiceSeen& /*seen*/,
                const SeenProcess& process, const ProcessesByNumber& /*by_number*/) {
    const auto units = units_of(service);
    return std::find(units.begin(), units.end(), process.unit) != units.end();
}

std::vector<std::string> systemctl(const DescribedService& service, const std::string& verb) {
    return {"systemctl", verb, service.program};
}

std::vector<std::string> journal(const RehearsedPackage& /*package*/,
                                 const DescribedService& service) {
    return {"sh", "-c", "journalctl --quiet --no-pager --lines=10 --unit=\"$1\"", "log",
            units_of(service).front()};
}

std::string journal_command(const std::string& root, const RehearsedPackage& /*package*/,
                            const DescribedService& service) {
    return fmt::format("journalctl --directory={}/var/log/journal --unit={}", root,
                       units_of(service).front());
}

}  // namespace

const RunnerWays systemd = {.word = "systemd",
                            .look = look_at_units,
                            .has_process = is_of_unit,
                            .command = systemctl,
                            .log_command = journal,
                            .look_command = journal_command};

}  // namespace dba::rehearsal
