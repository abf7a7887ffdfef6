#include "local/started.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/debian/unit_file.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba {

namespace {

constexpr const char* path_of_services = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

// A unit with its drop-ins (UNIT_OPTIONS, HARDENING).
Result<std::string> unit_text(const fs::path& tree, const std::string& unit) {
    for (const char* directory : {"usr/lib/systemd/system", "lib/systemd/system"}) {
        if (!file_exists(tree / directory / unit)) continue;
        TRY_ASSIGN(std::string text, read_file(tree / directory / unit));
        for (const fs::path& more : paths_in(tree / directory / (unit + ".d"))) {
            TRY_ASSIGN(const std::string lines, read_file(more));
            text += "\n" + lines;
        }
        return text;
    }
    return bad_input(unit, "is not in the package, whose description names it");
}

std::string last_of(const std::vector<std::string>& values) {
    return values.empty() ? std::string() : values.back();
}

// "%%" is how a unit writes "%" in a value that is no command.
std::string plain(std::string value) {
    for (std::size_t at = 0; (at = value.find("%%", at)) != std::string::npos; ++at)
        value.erase(at, 1);
    return value;
}

// `+`, `-`, `:`, `!` and `@` before a command say how it is run, not what.
std::vector<std::string> command_words(std::string_view value, const std::string& instance) {
    while (!value.empty() && std::string_view("+-:!@").find(value[0]) != std::string_view::npos)
        value.remove_prefix(1);
    return unit_words(value, instance);
}

// systemd reads these files; without it, the package's own reader does.
std::vector<std::string> with_files(const std::vector<std::string>& files,
                                    const PackageDescription& description,
                                    const std::vector<std::string>& command) {
    std::vector<std::string> argv{description.python, "-I", "-S",
                                  "/usr/lib/" + description.package + "/environment.py"};
    for (std::string file : files) {
        if (file.starts_with('-')) file.erase(0, 1);
        // A directory stands for the *.env in it.
        if (file.ends_with("/*.env")) file.resize(file.size() - std::string_view("/*.env").size());
        argv.push_back(file);
    }
    argv.emplace_back("--");
    argv.insert(argv.end(), command.begin(), command.end());
    return argv;
}

// What has put itself into the background runs as long as the process of its PID file, or any
// other.
std::string as_long_as_it_runs(const std::string& pid_file) {
    if (pid_file.empty()) return "while set -- /proc/[0-9]* && [ $# -gt 1 ]; do sleep 1; done";
    return fmt::format("while kill -0 \"$(cat {})\" 2>/dev/null; do sleep 1; done",
                       quote_command({pid_file}));
}

Started by_unit(const UnitFile& unit, const DescribedService& service, const std::string& instance,
                const PackageDescription& description) {
    const auto values = [&](const char* key) { return unit.values("Service", key); };
    Started out;
    out.name = instance.empty() ? service.name : service.name + "@" + instance;
    out.healthcheck = service.healthcheck;
    out.directory = plain(last_of(values("WorkingDirectory")));
    out.by_timer = service.program.ends_with(".timer");
    out.ends = last_of(values("Type")) == "oneshot";
    out.environment = {{"PATH", path_of_services}, {"LANG", "C.UTF-8"}};
    for (const std::string& line : values("Environment"))
        for (const std::string& word : unit_words(line, instance))
            if (const auto equals = word.find('='); equals != std::string::npos)
                out.environment[word.substr(0, equals)] = word.substr(equals + 1);
    for (const char* name : {"PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP"})
        if (out.environment[name].empty()) out.environment.erase(name);
    for (const std::string& line : values("LoadCredential"))
        out.credentials.push_back(plain(line.substr(0, line.find(':'))));
    std::string script;
    for (const std::string& line : values("ExecStartPre"))
        script += quote_command(command_words(line, instance)) + " && ";
    std::vector<std::string> command = command_words(last_of(values("ExecStart")), instance);
    if (const std::string mask = last_of(values("UMask")); !mask.empty())
        script = fmt::format("umask {} && {}", mask, script);
    if (last_of(values("Type")) == "forking") {
        command = {"/bin/sh", "-c",
                   fmt::format("{}{} && {}", script, quote_command(command),
                               as_long_as_it_runs(last_of(values("PIDFile"))))};
    } else if (!script.empty()) {
        command = {"/bin/sh", "-c", script + "exec " + quote_command(command)};
    }
    out.command = with_files(values("EnvironmentFile"), description, command);
    return out;
}

// The conf of this program: one file has one.
std::optional<std::string> conf_of(const fs::path& tree, const std::string& package,
                                   const std::string& program) {
    for (const fs::path& file : paths_in(tree / "etc" / package / "supervisor")) {
        auto text = read_file(file);
        if (text && text->find(fmt::format("[program:{}]", program)) != std::string::npos)
            return std::move(*text);
    }
    return std::nullopt;
}

Started by_conf(const UnitFile& conf, const DescribedService& service,
                const std::string& instance) {
    const std::string section = "program:" + service.program;
    const auto value = [&](const char* key) { return conf.value(section, key); };
    Started out;
    out.name = instance.empty() ? service.name : service.name + "@" + instance;
    out.healthcheck = service.healthcheck;
    out.directory = value("directory");
    out.environment = {{"PATH", path_of_services}, {"LANG", "C.UTF-8"}};
    if (!instance.empty()) out.environment["INSTANCE"] = instance;
    out.command = {"/bin/sh", "-c",
                   fmt::format("umask {} && exec {}",
                               value("umask").empty() ? "0027" : value("umask"), value("command"))};
    return out;
}

}  // namespace

Result<std::vector<Started>> services_in(const fs::path& tree,
                                         const PackageDescription& description) {
    std::vector<Started> out;
    for (const DescribedService& service : description.services) {
        const bool many = service.instances > 1;
        for (int i = 1; i <= service.instances; ++i) {
            const std::string instance = many ? std::to_string(i) : std::string();
            if (service.runner == "supervisord") {
                const auto conf = conf_of(tree, description.package, service.program);
                if (!conf)
                    return bad_input(service.program,
                                     "is not in the package's confs for supervisord");
                out.push_back(by_conf(parse_unit(*conf), service, instance));
                continue;
            }
            const std::string stem = service.program.substr(0, service.program.rfind('.'));
            TRY_ASSIGN(const std::string unit,
                       unit_text(tree, stem + (many ? "@.service" : ".service")));
            out.push_back(by_unit(parse_unit(unit), service, instance, description));
        }
    }
    return out;
}

Result<std::vector<std::string>> migration_in(const fs::path& tree,
                                              const PackageDescription& description) {
    if (!description.migration || !description.run_as) return std::vector<std::string>();
    TRY_ASSIGN(const std::string script,
               read_file(tree / "usr/lib" / description.package / "migrate"));
    std::string steps;
    text::Lines lines(script);
    for (std::string_view line; lines.next(line);)
        if (line.starts_with("migrate_step ")) steps += std::string(line) + "\n";
    if (steps.empty())
        return bad_input(description.package, "has a migration whose steps are not to be seen");
    return std::vector<std::string>{
        "/bin/sh", "-ec",
        fmt::format("migrate_step() {{ echo \"$*\"; {} \"$@\" </dev/null; }}\n{}",
                    *description.run_as, steps)};
}

}  // namespace dba
