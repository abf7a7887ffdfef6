#include "steps/resolve/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "model/host_path.hpp"
#include "steps/resolve/choice.hpp"
#include "steps/resolve/credentials.hpp"
#include "steps/resolve/declared_path.hpp"
#include "steps/resolve/unit_words.hpp"

namespace dba::steps {

namespace {

constexpr int most_instances = 1000;
constexpr int longest_watchdog = 86400;  // a day
constexpr int longest_stop = 86400;

bool is_service_name(const std::string& name) {
    return !name.empty() && name[0] != '.' && name[0] != '-' && name.size() <= 128 &&
           std::all_of(name.begin(), name.end(), [](char byte) {
               return text::is_alnum(byte) || byte == '-' || byte == '_' || byte == '.';
           });
}

Result<std::string> signal_name(const std::string& value, const std::string& subject,
                                const std::string& keyword) {
    static const std::vector<std::string> known = {"HUP",  "INT",  "QUIT",  "TERM", "KILL",
                                                   "USR1", "USR2", "WINCH", "ABRT", "ALRM"};
    std::string name;
    for (const char byte : value)
        name += text::is_lower(byte) ? static_cast<char>(byte - 'a' + 'A') : byte;
    if (name.starts_with("SIG")) name.erase(0, 3);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        const std::string near = nearest(name, known);
        return bad_input(subject, fmt::format("{} '{}' is no signal", keyword, value),
                         near.empty() ? fmt::format("one of {}", fmt::join(known, ", "))
                                      : fmt::format("did you mean {}?", near));
    }
    return name;
}

// What every runner gives a service, one after the other, the last of a name wins. `logs`: the
// directory for them.
Result<std::vector<std::string>> settings_of(const Manifest& manifest, const std::string& logs,
                                             const std::vector<std::string>& own,
                                             const std::string& subject) {
    const std::string state = "/var/lib/" + manifest.name;
    std::vector<std::string> out = {
        "HOME=" + state, "USER=" + manifest.user, "LOGNAME=" + manifest.user,
        "PATH=" + manifest.prefix + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        // systemd sets these three by itself; supervisord's services get the same.
        "STATE_DIRECTORY=" + state, "LOGS_DIRECTORY=" + logs,
        "RUNTIME_DIRECTORY=/run/" + manifest.name};
    for (const auto* items : {&manifest.environment, &own})
        for (const std::string& item : *items) {
            const std::size_t equals = item.find('=');
            const std::string name = item.substr(0, equals);
            if (equals == std::string::npos || !text::is_variable_name(name))
                return bad_input(subject, fmt::format("ENVIRONMENT '{}' is not NAME=value", item),
                                 "a name has letters, digits and _, and no digit first");
            if (item.find('\0') != std::string::npos)
                return bad_input(subject,
                                 fmt::format("the value of ENVIRONMENT {} holds a NUL byte", name));
            const auto known = std::find_if(out.begin(), out.end(), [&](const std::string& one) {
                return one.starts_with(name + "=");
            });
            if (known == out.end())
                out.push_back(item);
            else
                *known = item;
        }
    return out;
}

Result<std::vector<std::string>> command_of(const Manifest& manifest,
                                            std::vector<std::string> command,
                                            const std::string& subject) {
    if (command.empty())
        return usage_error(subject, "has no COMMAND", "add COMMAND <program> <argument>...");
    for (std::string& word : command) {
        if (word.find('\0') != std::string::npos)
            return bad_input(subject, "a word of its COMMAND holds a NUL byte");
        if (word == "python") word = manifest.interpreter_path();
    }
    return command;
}

Result<void> check_names(const Service& service, const std::string& subject) {
    const std::string allowed =
        "letters, digits, '-', '_' and '.', starting with a letter or digit";
    if (!is_service_name(service.name))
        return bad_input(subject, "its name has characters that a unit or a program cannot have",
                         allowed);
    if (!service.formerly.empty() && !is_service_name(service.formerly))
        return bad_input(subject,
                         fmt::format("FORMERLY '{}' is no name of a service", service.formerly),
                         allowed);
    return {};
}

// What only systemd can do is refused, not dropped.
Result<void> check_for_supervisord(const Service& service, const std::string& subject) {
    if (!service.type.empty() && service.type != word_of(ServiceType::simple))
        return usage_error(subject, "TYPE " + service.type + " has no meaning under supervisord",
                           "say RUNNER systemd, or leave TYPE out");
    if (!service.pidfile.empty())
        return usage_error(subject, "PIDFILE has no meaning under supervisord",
                           "supervisord needs a program that stays in the foreground: drop its "
                           "daemon option, or say RUNNER systemd");
    if (!service.watchdog.empty())
        return bad_input(subject, "WATCHDOG needs RUNNER systemd",
                         "say RUNNER systemd, or leave WATCHDOG out");
    for (const auto& [keyword, given] :
         {std::pair("TIMER", !service.timer.empty()), std::pair("AFTER", !service.after.empty()),
          std::pair("WANTS", !service.wants.empty()),
          std::pair("UNIT_OPTIONS", !service.unit_options.empty())})
        if (given)
            return usage_error(subject,
                               fmt::format("{} has no meaning under supervisord, which knows "
                                           "neither clocks nor units",
                                           keyword),
                               fmt::format("say RUNNER systemd, or leave {} out", keyword));
    if (service.hardening == word_of(Hardening::strict))
        return usage_error(subject, "HARDENING strict needs RUNNER systemd",
                           "say RUNNER systemd, or leave HARDENING out");
    return {};
}

Result<ServiceType> type_of(const Manifest& manifest, const Service& service,
                            const std::string& subject) {
    ServiceType otherwise = ServiceType::simple;
    if (!service.pidfile.empty()) otherwise = ServiceType::forking;
    if (!service.timer.empty()) otherwise = ServiceType::oneshot;
    TRY_ASSIGN(const ServiceType type, chosen("TYPE", service.type, otherwise, subject));
    if (!service.timer.empty() && type != ServiceType::oneshot)
        return usage_error(
            subject,
            "TIMER starts what ends by itself, and TYPE " + service.type + " is what stays",
            "say TYPE oneshot, or leave TYPE out");
    if (type == ServiceType::oneshot)
        for (const auto& [keyword, given] :
             {std::pair("HEALTHCHECK", !service.healthcheck.empty()),
              std::pair("WATCHDOG", !service.watchdog.empty()),
              std::pair("PIDFILE", !service.pidfile.empty()),
              std::pair("INSTANCES", !service.instances.empty()),
              std::pair("RELOAD_SIGNAL", !service.reload_signal.empty())})
            if (given)
                return usage_error(
                    subject,
                    fmt::format("{} is for what stays; TYPE oneshot ends by itself", keyword),
                    fmt::format("leave {} out", keyword));
    if (type == ServiceType::forking && service.pidfile.empty())
        return usage_error(subject, "TYPE forking needs its PIDFILE",
                           "add PIDFILE /run/" + manifest.name + "/" + service.name +
                               ".pid, and have the program write it there");
    return type;
}

Result<std::string> pidfile_of(const Manifest& manifest, const Service& service,
                               const std::string& subject) {
    if (service.pidfile.empty()) return std::string();
    const std::string home = "/run/" + manifest.name + "/";
    std::string path = service.pidfile[0] == '/' ? service.pidfile : home + service.pidfile;
    if (!is_host_path(path))
        return bad_input(subject,
                         fmt::format("PIDFILE '{}' is not the path of a file", service.pidfile),
                         fmt::format("without '.', '..', '//' or a newline, for example PIDFILE "
                                     "{}{}.pid",
                                     home, service.name));
    return path;
}

Result<std::string> healthcheck_of(const Service& service, const std::string& subject) {
    const std::string& url = service.healthcheck;
    if (std::any_of(url.begin(), url.end(),
                    [](unsigned char byte) { return byte <= ' ' || byte == 0x7f; }) ||
        (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://")))
        return bad_input(subject, fmt::format("HEALTHCHECK '{}' is no http URL", url),
                         "for example http://127.0.0.1:8000/health");
    return url;
}

// What its runner calls it.
std::string runners_name(const Manifest& manifest, const ResolvedService& service) {
    if (service.runner == Runner::supervisord) return manifest.name + "-" + service.name;
    const char* suffix = service.instances > 1 ? ".target" : ".service";
    return unit_stem(manifest.name, service.name) + (service.timer.empty() ? suffix : ".timer");
}

Result<ResolvedService> resolve_service(const Manifest& manifest, const Service& service) {
    const std::string subject = "SERVICE " + service.name;
    TRY(check_names(service, subject));
    ResolvedService out;
    out.name = service.name;
    out.formerly = service.formerly;
    TRY_ASSIGN(out.command, command_of(manifest, service.command, subject));
    TRY_ASSIGN(out.runner, chosen("RUNNER", service.runner, Runner::supervisord, subject));
    if (out.runner == Runner::supervisord) TRY(check_for_supervisord(service, subject));
    TRY_ASSIGN(out.type, type_of(manifest, service, subject));
    TRY_ASSIGN(out.pidfile, pidfile_of(manifest, service, subject));
    TRY_ASSIGN(out.hardening, chosen("HARDENING", service.hardening, Hardening::standard, subject));
    if (!service.instances.empty()) {
        TRY_ASSIGN(out.instances,
                   positive_number(service.instances, subject, "INSTANCES", most_instances, 4));
    }
    if (!service.watchdog.empty()) {
        TRY_ASSIGN(out.watchdog,
                   positive_number(service.watchdog, subject, "WATCHDOG", longest_watchdog, 30));
    }
    TRY_ASSIGN(out.stop_signal,
               signal_name(service.stop_signal.empty() ? "TERM" : service.stop_signal, subject,
                           "STOP_SIGNAL"));
    if (!service.stop_timeout.empty()) {
        TRY_ASSIGN(out.stop_timeout, positive_number(service.stop_timeout, subject, "STOP_TIMEOUT",
                                                     longest_stop, 90));
    }
    out.stop_group = service.stop_group;
    if (!service.reload_signal.empty()) {
        TRY_ASSIGN(out.reload_signal, signal_name(service.reload_signal, subject, "RELOAD_SIGNAL"));
    }
    TRY_ASSIGN(out.healthcheck, healthcheck_of(service, subject));
    TRY_ASSIGN(out.environment,
               settings_of(manifest, "/var/log/" + manifest.name + "/" + service.name,
                           service.environment, subject));
    TRY_ASSIGN(out.credentials, resolve_credentials(service.credentials, manifest.name, subject));
    for (const std::string& name : service.environment_required)
        if (!text::is_variable_name(name))
            return bad_input(
                subject, fmt::format("ENVIRONMENT_REQUIRED '{}' is no name of a variable", name),
                "a name has letters, digits and _, and no digit first");
    out.environment_required = service.environment_required;
    out.timer = service.timer;
    if (!out.timer.empty() && !is_calendar(out.timer))
        return bad_input(subject, fmt::format("TIMER '{}' is no calendar event", out.timer),
                         "for example TIMER daily, TIMER \"*:0/15\" or TIMER \"Mon..Fri *-*-* "
                         "02:30\" (systemd.time(7))");
    if (!service.timer_delay.empty()) {
        if (out.timer.empty())
            return usage_error(subject, "TIMER_DELAY without TIMER", "add TIMER <calendar>");
        TRY_ASSIGN(out.timer_delay, positive_number(service.timer_delay, subject, "TIMER_DELAY",
                                                    longest_watchdog, 600));
    }
    out.unit_options = service.unit_options;
    out.program = runners_name(manifest, out);
    return out;
}

// Whether `item` is in what `member` is of every service.
template <class T>
bool is_shared(const T& item, const std::vector<ResolvedService>& services,
               std::vector<T> ResolvedService::*member) {
    return std::all_of(services.begin(), services.end(), [&](const ResolvedService& service) {
        const std::vector<T>& all = service.*member;
        return std::find(all.begin(), all.end(), item) != all.end();
    });
}

}  // namespace

Result<std::vector<ResolvedService>> resolve_services(const Declaration& declaration,
                                                      const Manifest& manifest) {
    std::vector<ResolvedService> services;
    std::set<std::string> names;
    for (const Service& declared : declaration.services) {
        if (!names.insert(declared.name).second)
            return usage_error("SERVICE " + declared.name, "is declared twice",
                               "give each service of a package its own name");
        TRY_ASSIGN(ResolvedService service, resolve_service(manifest, declared));
        service.priority += static_cast<int>(services.size());
        if (!service.unit_options.empty()) {
            TRY_ASSIGN(service.unit_options,
                       existing_file(declaration, "UNIT_OPTIONS", service.unit_options));
        }
        services.push_back(std::move(service));
    }
    for (std::size_t i = 0; i < services.size(); ++i) {
        const std::string subject = "SERVICE " + services[i].name;
        const Service& declared = declaration.services[i];
        TRY_ASSIGN(services[i].after, resolve_units(declared.after, services, subject, "AFTER"));
        TRY_ASSIGN(services[i].wants, resolve_units(declared.wants, services, subject, "WANTS"));
    }
    for (const ResolvedService& service : services)
        if (names.contains(service.formerly))
            return bad_input(
                "SERVICE " + service.name,
                fmt::format("FORMERLY {} is a service of this version", service.formerly),
                "FORMERLY names one that the package no longer has");
    return services;
}

Result<SharedSettings> resolve_shared(const Manifest& manifest) {
    SharedSettings shared;
    std::vector<std::string> own;
    if (!manifest.services.empty()) {
        const ResolvedService& first = manifest.services.front();
        for (const std::string& setting : first.environment)
            if (is_shared(setting, manifest.services, &ResolvedService::environment))
                own.push_back(setting);
        for (const Credential& credential : first.credentials)
            if (is_shared(credential, manifest.services, &ResolvedService::credentials))
                shared.credentials.push_back(credential);
    }
    // Of several services, none's own directory.
    std::erase_if(own, [](const std::string& one) { return one.starts_with("LOGS_DIRECTORY="); });
    TRY_ASSIGN(shared.environment,
               settings_of(manifest, "/var/log/" + manifest.name, own, "ENVIRONMENT"));
    return shared;
}

Result<std::vector<Migration>> resolve_migrations(const Declaration& declaration,
                                                  const Manifest& manifest) {
    std::vector<Migration> migrations = declaration.migrations;
    for (Migration& migration : migrations) {
        if (migration.commands.empty())
            return usage_error("MIGRATE", "has no COMMAND", "add COMMAND <program> <argument>...");
        for (std::vector<std::string>& command : migration.commands) {
            TRY_ASSIGN(command, command_of(manifest, std::move(command), "MIGRATE"));
        }
        const auto has = [&](const std::string& name) {
            return std::any_of(manifest.services.begin(), manifest.services.end(),
                               [&](const ResolvedService& one) { return one.name == name; });
        };
        if (!migration.as_service.empty() && !has(migration.as_service))
            return bad_input(
                "MIGRATE " + migration.commands.front().front(),
                fmt::format("AS_SERVICE {} is no service of the package", migration.as_service),
                "name one of its SERVICEs, or leave AS_SERVICE out");
    }
    const auto taken = std::find_if(
        manifest.services.begin(), manifest.services.end(), [&](const ResolvedService& one) {
            return one.runner == Runner::systemd && one.name == "migrate";
        });
    if (!migrations.empty() && taken != manifest.services.end())
        return bad_input("SERVICE migrate", "its unit would be called as MIGRATE's is",
                         "give the service another name");
    return migrations;
}

}  // namespace dba::steps
