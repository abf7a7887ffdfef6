#include "init/debian_unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/debian/rules_file.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "init/words.hpp"

namespace dba::init {
namespace {

class Translation {
 public:
    Translation(const OldPackage& package, std::string file, const UnitFile& unit)
        : package_(package), file_(std::move(file)), unit_(unit) {}

    UnitAnswer answer(const std::string& service, const UnitFile* timer) {
        answer_.entries.push_back({"SERVICE " + service, file_, false, false});
        command();
        nested("RUNNER systemd");
        kind(timer);
        if (timer != nullptr) clock(*timer);
        order();
        rest(service);
        nested("HARDENING off", "as it was; without this line it is confined");
        return std::move(answer_);
    }

 private:
    void nested(std::string words, std::string why = {}) {
        answer_.entries.push_back({std::move(words), std::move(why), false, true});
    }
    void not_known(const std::string& sentence) {
        answer_.unknown.push_back(file_ + ": " + sentence);
    }
    [[nodiscard]] std::string of_service(std::string_view key) const {
        return unit_.value("Service", key);
    }

    // The program as the environment has it: links lead into it.
    [[nodiscard]] std::string program(const std::string& path) const {
        std::string at = path;
        for (const auto& [target, link] : package_.links)
            if (link == at) at = target;
        const std::string bin = package_.prefix + "/bin/";
        if (!at.starts_with(bin)) return path;
        at.erase(0, bin.size());
        return at == "python" ? "python3" : at;
    }

    void command() {
        const auto all = unit_.values("Service", "ExecStart");
        if (all.size() != 1)
            not_known(fmt::format("it has {}, of which a SERVICE has one",
                                  text::counted(all.size(), "ExecStart")));
        if (all.empty()) {
            answer_.entries.push_back({"COMMAND " + package_.name, "no ExecStart", true, true});
            return;
        }
        std::string line = all.front();
        while (!line.empty() && std::string_view("-@:+!").find(line[0]) != std::string::npos)
            line.erase(0, 1);
        auto words = loose_words(line);
        if (words.empty()) return;
        words[0] = program(words[0]);
        for (std::string& word : words)
            for (auto at = word.find("%%"); at != std::string::npos; at = word.find("%%", at + 1))
                word.erase(at, 1);
        if (line.find('$') != std::string::npos) {
            // systemd puts variables in; COMMAND keeps its words.
            const auto space = line.find_first_of(" \t");
            const std::string shell =
                "exec " + words[0] + (space == std::string::npos ? "" : line.substr(space));
            nested("COMMAND " + command_words({"/bin/sh", "-c", shell}),
                   "its variables are for a shell to put in");
        } else {
            nested("COMMAND " + command_words(words));
        }
        if (!text::match(line, "(^|[^%])%[a-zA-Z]").empty())
            not_known("specifiers (%…) of ExecStart: they are no specifiers of COMMAND");
    }

    void kind(const UnitFile* timer) {
        const std::string type = of_service("Type");
        if (is_one_of(type, {"exec", "notify", "forking", "oneshot"}))
            nested("TYPE " + type);
        else if (type.empty() && timer != nullptr)
            nested("TYPE oneshot", "a timer starts it");
        else if (!type.empty() && type != "simple" && type != "idle")
            not_known(fmt::format("Type={}: TYPE has no such", type));
        if (const std::string file = of_service("PIDFile"); !file.empty())
            nested("PIDFILE " + cmake_word(file));
        if (std::string signal = of_service("KillSignal"); !signal.empty())
            nested("STOP_SIGNAL " + (signal.starts_with("SIG") ? signal.substr(3) : signal));
        for (const auto& [key, keyword] :
             {std::pair("TimeoutStopSec", "STOP_TIMEOUT"), std::pair("WatchdogSec", "WATCHDOG")}) {
            const auto number = text::match(of_service(key), "^([1-9][0-9]*)s?$");
            if (!number.empty())
                nested(fmt::format("{} {}", keyword, number[1]));
            else if (!of_service(key).empty())
                not_known(fmt::format("{}={}: {} takes seconds", key, of_service(key), keyword));
        }
        const std::string reload = of_service("ExecReload");
        const auto kill = text::match(reload, "kill +(-s +|-)(SIG)?([A-Z0-9]+) .*MAINPID");
        const std::string signal = kill.empty() ? std::string() : kill[3];
        if (!signal.empty())
            nested("RELOAD_SIGNAL " + signal);
        else if (!reload.empty())
            not_known(fmt::format("ExecReload={}: RELOAD_SIGNAL sends a signal", reload));
        std::vector<std::string> environment;
        for (const std::string& line : unit_.values("Service", "Environment"))
            for (std::string& word : loose_words(line)) environment.push_back(std::move(word));
        if (!environment.empty()) nested("ENVIRONMENT " + cmake_words(environment));
    }

    void clock(const UnitFile& timer) {
        const auto events = timer.values("Timer", "OnCalendar");
        if (events.size() == 1)
            nested("TIMER " + cmake_word(events.front()));
        else
            not_known(fmt::format("its timer has {}, of which TIMER has one",
                                  text::counted(events.size(), "OnCalendar")));
        for (const UnitSetting& one : timer.settings) {
            if (one.section != "Timer" ||
                is_one_of(one.key, {"OnCalendar", "Persistent", "Unit", "AccuracySec"}))
                continue;
            const auto delay = text::match(one.value, "^([1-9][0-9]*)s?$");
            if (one.key == "RandomizedDelaySec" && !delay.empty())
                nested("TIMER_DELAY " + delay[1]);
            else
                not_known(fmt::format("{}={} of its timer", one.key, one.value));
        }
    }

    void order() {
        std::vector<std::string> after, wants;
        const auto take = [&](std::string_view key, std::vector<std::string>& to) {
            for (const std::string& line : unit_.values("Unit", key))
                for (const std::string& name : loose_words(line))
                    if (!is_one_of(name,
                                   {"network.target", "network-online.target", "syslog.target",
                                    "local-fs.target", "remote-fs.target", "basic.target"}) &&
                        std::find(to.begin(), to.end(), name) == to.end())
                        to.push_back(name);
        };
        take("After", after);
        take("Wants", wants);
        take("Requires", wants);
        if (!after.empty()) nested("AFTER " + cmake_words(after));
        if (!wants.empty()) nested("WANTS " + cmake_words(wants));
    }

    void files_of_environment() {
        const std::string own = "/etc/default/" + package_.name;
        for (std::string file : unit_.values("Service", "EnvironmentFile")) {
            if (file.starts_with("-")) file.erase(0, 1);
            if (file != own)
                not_known(
                    fmt::format("EnvironmentFile={}: a host writes such lines into "
                                "/etc/{}/conf.d/*.env",
                                file, package_.name));
        }
    }

    // What no keyword says goes into a drop-in, word for word.
    void rest(const std::string& service) {
        answer_.user = of_service("User") == "root" ? "" : of_service("User");
        answer_.working_directory = of_service("WorkingDirectory");
        answer_.umask = of_service("UMask");
        files_of_environment();
        std::string dropped, section;
        for (const UnitSetting& one : unit_.settings) {
            if (is_translated(one)) continue;
            if (one.section == "Install") {
                not_known(fmt::format("{}={}: the package enables it for multi-user.target",
                                      one.key, one.value));
                continue;
            }
            if (one.section != section) dropped += fmt::format("[{}]\n", one.section);
            section = one.section;
            dropped += fmt::format("{}={}\n", one.key, one.value);
        }
        if (dropped.empty()) return;
        const std::string file = fmt::format("{}-{}.conf", package_.name, service);
        answer_.before.push_back(
            fmt::format("file(CONFIGURE OUTPUT {} CONTENT {} @ONLY)", file, cmake_word(dropped)));
        nested(fmt::format("UNIT_OPTIONS ${{CMAKE_CURRENT_BINARY_DIR}}/{}", file),
               "what no keyword says, as it stood in the unit");
    }

    [[nodiscard]] bool is_translated(const UnitSetting& one) const {
        const auto is_own = [&] { return one.value == package_.name; };
        if (one.section == "Unit")
            return is_one_of(one.key,
                             {"Description", "Documentation", "After", "Wants", "Requires"});
        if (one.section == "Install")
            return one.key == "WantedBy" && one.value == "multi-user.target";
        if (is_one_of(one.key, {"RuntimeDirectory", "StateDirectory"})) return is_own();
        return is_one_of(
            one.key, {"ExecStart", "Type", "PIDFile", "KillSignal", "TimeoutStopSec", "WatchdogSec",
                      "ExecReload", "Environment", "EnvironmentFile", "User", "Group",
                      "WorkingDirectory", "UMask", "Restart", "RestartSec", "SyslogIdentifier",
                      "KillMode", "StartLimitInterval", "StartLimitBurst"});
    }

    const OldPackage& package_;
    std::string file_;
    const UnitFile& unit_;
    UnitAnswer answer_;
};

}  // namespace

UnitAnswer service_of_unit(const OldPackage& package, const std::string& service,
                           const std::string& file, const UnitFile& unit, const UnitFile* timer) {
    return Translation(package, file, unit).answer(service, timer);
}

}  // namespace dba::init
