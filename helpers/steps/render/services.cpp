#include "steps/render/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>

#include "formats/text/shebang.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "steps/render/text.hpp"

namespace dba::steps {

namespace {

bool is_service_name(const std::string& name) {
    return !name.empty() && name[0] != '.' && name[0] != '-' && name.size() <= 128 &&
           std::all_of(name.begin(), name.end(), [](char byte) {
               return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                      (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.';
           });
}

bool is_lower_or_underscore(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '_';
}

Result<std::string> signal_name(const std::string& value, const std::string& subject,
                                const std::string& keyword) {
    static const std::vector<std::string> known = {"HUP",  "INT",  "QUIT",  "TERM", "KILL",
                                                   "USR1", "USR2", "WINCH", "ABRT", "ALRM"};
    std::string name = value;
    std::transform(name.begin(), name.end(), name.begin(), [](char byte) {
        return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
    });
    if (name.starts_with("SIG")) name.erase(0, 3);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string near = nearest(name, known);
        return bad_input(subject, fmt::format("{} '{}' is no signal", keyword, value),
                         near.empty() ? fmt::format("one of {}", fmt::join(known, ", "))
                                      : fmt::format("did you mean {}?", near));
    }
    return name;
}

Result<int> positive_number(const std::string& value, const std::string& subject,
                            const std::string& keyword, int most) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || end != value.data() + value.size() || number < 1 || number > most)
        return bad_input(subject,
                         fmt::format("{} '{}' is not a number from 1 to {}", keyword, value, most));
    return number;
}

// What both runners give a service, one after the other, the last of a name wins.
Result<std::string> environment_text(const Manifest& manifest, const Service& service,
                                     const std::string& subject) {
    std::vector<std::pair<std::string, std::string>> values = {
        {"HOME", "/var/lib/" + manifest.name},
        {"USER", manifest.user},
        {"LOGNAME", manifest.user},
        {"PATH", manifest.prefix + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"},
        // systemd sets these three by itself; supervisord's services get the same.
        {"STATE_DIRECTORY", "/var/lib/" + manifest.name},
        {"LOGS_DIRECTORY", "/var/log/" + manifest.name + "/" + service.name},
        {"RUNTIME_DIRECTORY", "/run/" + manifest.name},
    };
    const auto add = [&](const std::vector<std::string>& items) -> Result<void> {
        for (const std::string& item : items) {
            const std::size_t equals = item.find('=');
            const std::string key = item.substr(0, equals);
            if (equals == std::string::npos || !text::is_variable_name(key))
                return bad_input(subject, fmt::format("ENVIRONMENT '{}' is not NAME=value", item),
                                 "a name has letters, digits and _, and no digit first");
            if (item.find('\0') != std::string::npos)
                return bad_input(subject,
                                 fmt::format("the value of ENVIRONMENT {} holds a NUL byte", key));
            const auto known = std::find_if(values.begin(), values.end(),
                                            [&](const auto& pair) { return pair.first == key; });
            if (known != values.end()) {
                known->second = item.substr(equals + 1);
            } else {
                values.emplace_back(key, item.substr(equals + 1));
            }
        }
        return {};
    };
    TRY(add(manifest.environment));
    TRY(add(service.environment));
    std::string text = fmt::format(
        "# Environment of service {} of {}, as declared; /etc/default/{} overrides it.\n",
        service.name, manifest.name, manifest.name);
    for (const auto& [key, value] : values) text += environment_line(key, value);
    return text;
}

Result<std::vector<std::string>> resolve_command(const Manifest& manifest, const Service& service,
                                                 const std::vector<Layer>& layers,
                                                 const std::string& subject, Log& log) {
    std::vector<std::string> command = service.command;
    for (std::string& word : command) {
        if (word.find('\0') != std::string::npos)
            return bad_input(subject, "a word of its COMMAND holds a NUL byte");
        if (word == "python") word = manifest.interpreter_path();
    }
    const std::string& program = command[0];
    if (program.starts_with("/") && !program.starts_with(manifest.prefix + "/")) {
        log.warning("render", fmt::format("{}: {} is not part of the package; the target must "
                                          "have it (DEPENDS)",
                                          subject, program));
        return command;
    }
    TRY_ASSIGN(command[0], find_venv_program(command[0], manifest.prefix, layers, subject,
                                             "its COMMAND starts with"));
    return command;
}

// A script of the environment names its Python with -I, and so would pay no heed to a
// PYTHONUNBUFFERED that the declaration or the administrator sets: as a service it is started by
// way of the interpreter. No user site and, where Python can (3.11), no directory of the script on
// sys.path; PYTHONHOME and PYTHONPATH are those of the environment file or none (see the runners'
// templates).
Result<void> start_by_interpreter(const Manifest& manifest, const std::vector<Layer>& layers,
                                  std::vector<std::string>& command) {
    for (const Layer& layer : layers) {
        const auto entry =
            std::find_if(layer.entries.begin(), layer.entries.end(), [&](const LayerEntry& each) {
                return each.path == command[0] && each.kind == EntryKind::file;
            });
        if (entry == layer.entries.end()) continue;
        std::ifstream file(layer.file(*entry), std::ios::binary);
        if (!file) return system_error(layer.file(*entry).string(), "cannot be opened");
        std::string head(4096, '\0');  // a shebang of the longest form, and then some
        file.read(head.data(), static_cast<std::streamsize>(head.size()));
        head.resize(static_cast<std::size_t>(file.gcount()));
        const auto shebang = parse_shebang(head);
        if (!shebang || shebang->interpreter != manifest.interpreter_path() ||
            (shebang->arguments != "-I" && shebang->arguments != "-Es"))
            return {};
        const bool safe_path = shebang->arguments == "-I" && manifest.python.version != "3.9" &&
                               manifest.python.version != "3.10";
        command.insert(command.begin(), {manifest.interpreter_path(), safe_path ? "-sP" : "-s"});
        return {};
    }
    return {};
}

Result<HostService> plan_service(const Manifest& manifest, const Service& service,
                                 const std::vector<Layer>& layers, Log& log) {
    const std::string subject = "SERVICE " + service.name;
    if (!is_service_name(service.name))
        return bad_input(subject, "its name has characters that a unit or a program cannot have",
                         "letters, digits, '-', '_' and '.', starting with a letter or digit");
    HostService out;
    out.name = service.name;
    out.formerly = service.formerly;
    if (!out.formerly.empty() && !is_service_name(out.formerly))
        return bad_input(subject,
                         fmt::format("FORMERLY '{}' is no name of a service", out.formerly),
                         "letters, digits, '-', '_' and '.', starting with a letter or digit");
    out.runner = service.runner;
    out.type = service.type;
    out.hardening = service.hardening;
    TRY_ASSIGN(out.instances, positive_number(service.instances, subject, "INSTANCES", 1000));
    if (!service.watchdog.empty()) {
        TRY_ASSIGN(const int seconds,
                   positive_number(service.watchdog, subject, "WATCHDOG", 86400));
        out.watchdog = std::to_string(seconds);
    }
    TRY_ASSIGN(out.stop_signal, signal_name(service.stop_signal, subject, "STOP_SIGNAL"));
    if (!service.reload_signal.empty()) {
        TRY_ASSIGN(out.reload_signal, signal_name(service.reload_signal, subject, "RELOAD_SIGNAL"));
    }
    out.pidfile = service.pidfile;
    if (!out.pidfile.empty() && out.pidfile[0] != '/')
        out.pidfile = "/run/" + manifest.name + "/" + out.pidfile;
    out.healthcheck = service.healthcheck;
    if (std::any_of(out.healthcheck.begin(), out.healthcheck.end(),
                    [](unsigned char byte) { return byte <= ' ' || byte == 0x7f; }) ||
        (!out.healthcheck.empty() && !out.healthcheck.starts_with("http://") &&
         !out.healthcheck.starts_with("https://")))
        return bad_input(subject, fmt::format("HEALTHCHECK '{}' is no http URL", out.healthcheck),
                         "for example http://127.0.0.1:8000/health");
    const std::string stem = unit_stem(manifest.name, service.name);
    if (out.runner == "supervisord") {
        if (out.type == "forking")
            return bad_input(subject, "TYPE forking cannot run under supervisord",
                             "supervisord needs a program that stays in the foreground: drop its "
                             "daemon option, or say RUNNER systemd");
        if (!out.watchdog.empty()) return bad_input(subject, "WATCHDOG needs RUNNER systemd");
        out.program = manifest.name + "-" + service.name;
    } else if (out.runner == "systemd") {
        out.program = stem + (out.instances > 1 ? ".target" : ".service");
    } else {
        return bad_input(subject, fmt::format("there is no RUNNER '{}'", out.runner),
                         "supervisord or systemd");
    }
    TRY_ASSIGN(out.command, resolve_command(manifest, service, layers, subject, log));
    TRY(start_by_interpreter(manifest, layers, out.command));
    TRY_ASSIGN(out.environment, environment_text(manifest, service, subject));
    TRY_ASSIGN(out.credentials, plan_credentials(service.credentials, subject));
    return out;
}

}  // namespace

std::string unit_stem(const std::string& package, const std::string& service) {
    std::string stem = package + "-" + service;
    std::replace(stem.begin(), stem.end(), '+', '_');
    return stem;
}

Result<std::string> find_venv_program(const std::string& word, const std::string& prefix,
                                      const std::vector<Layer>& layers, const std::string& subject,
                                      const std::string& what) {
    std::string path = word;
    if (!word.starts_with("/"))
        path = prefix + (word.find('/') == std::string::npos ? "/bin/" : "/") + word;
    std::vector<std::string> programs;
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind == EntryKind::directory) continue;
            if (entry.path == path) return path;
            if (entry.path.starts_with(prefix + "/bin/"))
                programs.push_back(entry.path.substr(prefix.size() + 5));
        }
    }
    std::sort(programs.begin(), programs.end());
    const std::string near = nearest(word.substr(word.rfind('/') + 1), programs);
    return bad_input(
        subject, fmt::format("{} '{}', but there is no {} in the environment", what, word, path),
        near.empty() ? "add the distribution that brings it to REQUIREMENTS"
                     : fmt::format("did you mean '{}'? Or add the distribution that brings it to "
                                   "REQUIREMENTS",
                                   near));
}

Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers, Log& log) {
    std::vector<HostService> out;
    const std::string& user = manifest.user;
    // What adduser takes by default, and what a unit and a program conf can hold.
    if (!user.empty() && !(is_service_name(user) && user.size() <= 32 &&
                           is_lower_or_underscore(user[0]) && user.find('.') == std::string::npos))
        return bad_input("USER", fmt::format("'{}' is no name for a system user", user),
                         "at most 32 of a-z, 0-9, '-' and '_', starting with a letter or '_'");
    std::set<std::string> names;
    for (const Service& service : manifest.services) {
        names.insert(service.name);
        TRY_ASSIGN(HostService planned, plan_service(manifest, service, layers, log));
        planned.priority += static_cast<int>(out.size());
        out.push_back(std::move(planned));
    }
    for (const HostService& service : out)
        if (names.contains(service.formerly))
            return bad_input(
                "SERVICE " + service.name,
                fmt::format("FORMERLY {} is a service of this version", service.formerly),
                "FORMERLY names one that the package no longer has");
    return out;
}

}  // namespace dba::steps
