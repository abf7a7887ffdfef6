#include "steps/render/systemd.hpp"

#include <fmt/format.h>

#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

std::string describe(const Manifest& manifest, const HostService& service) {
    return systemd_value(fmt::format("{} ({})", manifest.synopsis, service.name));
}

// AFTER and WANTS.
std::string relations_of(const HostService& service) {
    std::string out;
    for (const auto& [key, units] :
         {std::pair("After", &service.after), std::pair("Wants", &service.wants)})
        for (const std::string& unit : *units)
            out += fmt::format("{}={}\n", key, systemd_value(unit));
    return out;
}

std::string systemd_unit(const Manifest& manifest, const HostService& service) {
    const bool many = service.instances > 1;
    const bool once = service.type == ServiceType::oneshot;
    const std::vector<std::string> required = required_command(manifest, service);
    std::string hardening;
    if (service.hardening != Hardening::off)
        hardening += resource("services/hardening-default.conf");
    if (service.hardening == Hardening::strict)
        hardening += resource("services/hardening-strict.conf");
    std::string credentials;
    for (const Credential& credential : service.credentials)
        credentials += fmt::format("LoadCredential={}:{}\n", systemd_value(credential.name),
                                   systemd_value(credential.path));
    std::string extra;
    if (service.watchdog > 0) extra += fmt::format("WatchdogSec={}\n", service.watchdog);
    if (!service.reload_signal.empty())
        // The shell's own kill: procps need not be there. "$$" is systemd's for "$".
        extra += fmt::format("ExecReload=/bin/sh -c 'kill -s {} \"$$MAINPID\"'\n",
                             service.reload_signal);
    return fill(
        "services/unit.service",
        {{"SERVICE", service.name},
         {"PACKAGE", manifest.name},
         {"UNIT", service.unit()},
         {"DESCRIPTION", describe(manifest, service) + (many ? " instance %i" : "")},
         {"MIGRATION",
          manifest.migrations.empty()
              ? ""
              : fill("services/wait-for-migration.conf",
                     {{"PACKAGE", manifest.name}, {"MIGRATION", manifest.migration_unit()}})},
         {"PART_OF", many ? "PartOf=" + service.program + "\n" : ""},
         {"TYPE", word_of(service.type)},
         {"INSTANCE_ENVIRONMENT", many ? "Environment=INSTANCE=%i\n" : ""},
         {"CREDENTIALS", credentials},
         {"COMMAND", systemd_words(service.command)},
         {"PIDFILE",
          service.pidfile.empty() ? "" : "PIDFile=" + systemd_value(service.pidfile) + "\n"},
         {"RELOAD", extra},
         {"STOP_SIGNAL", "SIG" + service.stop_signal},
         // mixed: what the first process leaves behind is killed.
         {"KILL_MODE", service.stop_group ? "control-group" : "mixed"},
         {"STOP_TIMEOUT", std::to_string(service.stop_timeout)},
         {"USER", manifest.user},
         {"DIRECTORY", systemd_value(manifest.working_directory())},
         {"UMASK", fmt::format("{:04o}", manifest.umask)},
         {"RELATIONS", relations_of(service)},
         {"REQUIRED", required.empty() ? "" : "ExecStartPre=" + systemd_words(required) + "\n"},
         {"START_LIMIT",
          once ? "StartLimitIntervalSec=0\n" : "StartLimitIntervalSec=60\nStartLimitBurst=5\n"},
         // One without a timer has been done for this boot, and is done again by each new version.
         {"ENDING", once ? std::string(service.timer.empty() ? "RemainAfterExit=yes\n" : "") +
                               "TimeoutStartSec=infinity\n"
                         : "Restart=always\nRestartSec=1\nTimeoutStartSec=30\n"},
         {"HARDENING", hardening},
         {"INSTALL",
          many || !service.timer.empty() ? "" : "\n[Install]\nWantedBy=multi-user.target\n"}});
}

std::string instances_target(const Manifest& manifest, const HostService& service) {
    std::string wants;
    for (int i = 1; i <= service.instances; ++i)
        wants += fmt::format("{}{}{}.service", i > 1 ? " " : "",
                             service.unit().substr(0, service.unit().find('@') + 1), i);
    return fill("services/instances.target", {{"SERVICE", service.name},
                                              {"PACKAGE", manifest.name},
                                              {"DESCRIPTION", describe(manifest, service)},
                                              {"WANTS", wants}});
}

std::string timer_unit(const Manifest& manifest, const HostService& service) {
    return fill("services/unit.timer", {{"SERVICE", service.name},
                                        {"PACKAGE", manifest.name},
                                        {"UNIT", service.program},
                                        {"DESCRIPTION", describe(manifest, service)},
                                        {"CALENDAR", systemd_value(service.timer)},
                                        {"DELAY", std::to_string(service.timer_delay)}});
}

Result<void> add_units(const Manifest& manifest, const HostService& service, HostPlan& plan) {
    const std::string origin = "SERVICE " + service.name;
    // deb-systemd-helper of bookworm and of trixie look here; on a merged /usr it is /lib too.
    const std::string units = "/usr/lib/systemd/system/";
    TRY(plan.add_bytes(units + service.unit(), systemd_unit(manifest, service), 0644, origin));
    if (!service.unit_options.empty())
        TRY(plan.add_copy(units + service.unit() + ".d/10-declared.conf", service.unit_options,
                          0644, origin + " UNIT_OPTIONS"));
    if (service.program == service.unit()) return {};
    return plan.add_bytes(
        units + service.program,
        service.timer.empty() ? instances_target(manifest, service) : timer_unit(manifest, service),
        0644, origin);
}

Result<void> add_nothing(const Manifest& /*manifest*/, HostPlan& /*plan*/) {
    return {};
}

// With the number of instances, which are units of their own.
std::string same_unit(const HostService& service) {
    return fmt::format("'{} systemd {} {}'", service.name, service.program, service.instances);
}

std::string enable_unit(const HostService& service) {
    return fmt::format("enable_systemd {}\n", service.program);
}

// start_units restarts what runs, if that is the action.
std::string start_unit(const HostService& service, const std::string& /*action*/) {
    return fmt::format("start_systemd {}\n", start_words(service));
}

std::string start_unit_by_hand(const HostService& service) {
    return "systemctl start " + service.program;
}

std::string withdraw_unit(const HostService& service) {
    return fmt::format("withdraw_systemd {}\n", service.program);
}

std::string purge_unit(const HostService& service) {
    return fmt::format("purge_systemd {}\n", service.program);
}

std::string reload() {
    return "reload_systemd\n";
}

std::string start_all(const std::string& action) {
    return fmt::format("start_units {}\n", action);
}

}  // namespace

const RunnerWays systemd = {.package = nullptr,
                            .add_files = add_units,
                            .add_common_files = add_nothing,
                            .same = same_unit,
                            .enable = enable_unit,
                            .start = start_unit,
                            .by_hand = start_unit_by_hand,
                            .withdraw = withdraw_unit,
                            .purge = purge_unit,
                            .before_start = reload,
                            .after_start = start_all,
                            .after_withdraw = reload};

}  // namespace dba::steps
