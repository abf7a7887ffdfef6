#include "rehearsal/supervisord.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

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
            seen.mains.push_back(text::leading_number(words[3]));
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

Result<ServicesSeen> look_at_programs(Container& container,
                                      const std::vector<DescribedService>& services) {
    std::map<std::string, std::vector<std::string>> lines_of;
    if (path_exists(container.root() / "usr/bin/supervisorctl")) {
        TRY_ASSIGN(lines_of, ask_supervisord(container));
    }
    ServicesSeen all;
    std::error_code none;
    for (const DescribedService& service : services) {
        ServiceSeen& seen = all[service.program];
        seen = from_supervisord(lines_of[service.program], service.instances);
        seen.enabled = std::filesystem::is_symlink(
            container.root() / "etc/supervisor/conf.d" / (service.program + ".conf"), none);
    }
    return all;
}

// The process beside a program that ends what is left when it has ended (see run-SERVICE):
// "/bin/sh /usr/lib/hello/run-web guard 490 ...".
bool is_guard_of(const DescribedService& service, const std::vector<int>& mains,
                 const SeenProcess& process) {
    const std::vector<std::string>& words = process.command;
    return words.size() > 3 && words[1].ends_with("/run-" + service.name) && words[2] == "guard" &&
           std::find(mains.begin(), mains.end(), text::leading_number(words[3])) != mains.end();
}

// By its ancestors.
bool is_of_program(const DescribedService& service, const ServiceSeen& seen,
                   const SeenProcess& process, const ProcessesByNumber& by_number) {
    const SeenProcess* at = &process;
    for (std::size_t depth = 0; depth < by_number.size(); ++depth) {
        if (std::find(seen.mains.begin(), seen.mains.end(), at->pid) != seen.mains.end() ||
            is_guard_of(service, seen.mains, *at))
            return true;
        const auto parent = by_number.find(at->parent);
        if (parent == by_number.end()) break;
        at = parent->second;
    }
    return false;
}

std::vector<std::string> supervisorctl(const DescribedService& service, const std::string& verb) {
    return {"supervisorctl", verb, service.program + ":*"};
}

std::vector<std::string> tail_of_logs(const RehearsedPackage& package,
                                      const DescribedService& service) {
    return {"sh",
            "-c",
            "supervisorctl status \"$1:*\"; tail -q -n 8 \"$2\".log \"$2\"_*.log",
            "log",
            service.program,
            fmt::format("/var/log/supervisor/{}_{}", package.package, service.name)};
}

std::string tail_command(const std::string& root, const RehearsedPackage& package,
                         const DescribedService& service) {
    return fmt::format("tail -n 50 {}/var/log/supervisor/{}_{}*.log", root, package.package,
                       service.name);
}

}  // namespace

const RunnerWays supervisord = {.word = "supervisord",
                                .look = look_at_programs,
                                .has_process = is_of_program,
                                .command = supervisorctl,
                                .log_command = tail_of_logs,
                                .look_command = tail_command};

}  // namespace dba::rehearsal
