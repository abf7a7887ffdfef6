// A service with no question left open: what runs it, as whom the target knows it, by which
// signals.
#pragma once

#include <string>
#include <vector>

#include "model/choices.hpp"

namespace dba {

// A file of the host that only the service can read.
struct Credential {
    std::string name;  // what the service finds in $CREDENTIALS_DIRECTORY
    std::string path;  // of the file on the host, absolute
    bool operator==(const Credential&) const = default;
};

template <class V>
void fields(V& v, Credential& credential) {
    v("name", credential.name);
    v("path", credential.path);
}

struct ResolvedService {
    std::string name;
    std::string formerly;              // its name in an earlier version, or ""
    std::vector<std::string> command;  // command[0] is a program of the environment, or absolute
    Runner runner = Runner::supervisord;
    std::string program;  // "hello-web", or the unit to enable: "hello-web.service", ".target"
    int priority = 900;   // supervisord's: it starts the lower first; its default is 999
    ServiceType type = ServiceType::simple;
    int instances = 1;
    std::string stop_signal;               // "TERM"
    int stop_timeout = 20;                 // seconds until what has not ended is killed
    bool stop_group = false;               // the signal is for all its processes
    std::string reload_signal;             // "HUP" or ""
    std::string pidfile;                   // absolute or ""
    std::string healthcheck;               // URL or ""
    int watchdog = 0;                      // seconds; 0 = none
    std::vector<std::string> environment;  // NAME=value, each name once
    Hardening hardening = Hardening::standard;
    std::vector<Credential> credentials;
    std::vector<std::string> environment_required;  // names that need a value at the start
    std::string timer;                              // when systemd starts it; "" = at boot
    int timer_delay = 0;                            // seconds, at most, by which it may be later
    std::vector<std::string> after, wants;          // units
    std::string unit_options;                       // absolute file or ""
    // The unit of one process of it: what `program` starts, when that is a target or a timer.
    [[nodiscard]] std::string unit() const;
};

template <class V>
void fields(V& v, ResolvedService& service) {
    v("name", service.name);
    v("formerly", service.formerly);
    v("command", service.command);
    v("runner", service.runner);
    v("program", service.program);
    v("priority", service.priority);
    v("type", service.type);
    v("instances", service.instances);
    v("stop_signal", service.stop_signal);
    v("stop_timeout", service.stop_timeout);
    v("stop_group", service.stop_group);
    v("reload_signal", service.reload_signal);
    v("pidfile", service.pidfile);
    v("healthcheck", service.healthcheck);
    v("watchdog", service.watchdog);
    v("environment", service.environment);
    v("hardening", service.hardening);
    v("credentials", service.credentials);
    v("environment_required", service.environment_required);
    v("timer", service.timer);
    v("timer_delay", service.timer_delay);
    v("after", service.after);
    v("wants", service.wants);
    v("unit_options", service.unit_options);
}

// What all services of a package have in common: given to commands that are none of them.
struct SharedSettings {
    std::vector<std::string> environment;  // NAME=value, each name once
    std::vector<Credential> credentials;
};

template <class V>
void fields(V& v, SharedSettings& shared) {
    v("environment", shared.environment);
    v("credentials", shared.credentials);
}

// What a unit is called. Unit names take letters, digits and ":-_.\" (systemd.unit(5)); package
// names have '+' besides.
std::string unit_stem(const std::string& package, const std::string& service);

}  // namespace dba
