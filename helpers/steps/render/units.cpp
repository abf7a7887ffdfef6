// The texts of supervisord's program confs and systemd's units.
#include <fmt/format.h>

#include <algorithm>

#include "steps/render/services.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

std::string stem_of(const HostService& service) {
    return service.program.substr(0, service.program.rfind('.'));
}

std::string describe(const Manifest& manifest, const HostService& service) {
    return systemd_value(fmt::format("{} ({})", manifest.synopsis, service.name));
}

std::string environment_text(const Manifest& manifest, const HostService& service) {
    std::string text = fmt::format(
        "# Environment of service {} of {}, as declared; /etc/default/{} overrides it.\n",
        service.name, manifest.name, manifest.name);
    for (const std::string& setting : service.environment) {
        const std::size_t equals = setting.find('=');
        text += environment_line(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return text;
}

// ConfigParser reads "%" as the start of an expansion; the only values of ours that could hold one
// are checked names.
std::string log_name(const HostService& service) {
    return service.instances > 1 ? service.name + "_%(process_num)d.log" : service.name + ".log";
}

}  // namespace

std::string supervisor_conf(const Manifest& manifest, const HostService& service) {
    std::string text =
        fill("services/supervisor.conf", {{"SERVICE", service.name},
                                          {"PACKAGE", manifest.name},
                                          {"PROGRAM", service.program},
                                          {"USER", manifest.user},
                                          {"PRIORITY", std::to_string(service.priority)},
                                          {"STOP_SIGNAL", service.stop_signal},
                                          {"LOG", log_name(service)}});
    if (!service.reload_signal.empty())
        text +=
            fmt::format("; To have it read its configuration again: supervisorctl signal {} {}:*\n",
                        service.reload_signal, service.program);
    if (service.instances > 1)
        text += fill("services/supervisor-instances.conf",
                     {{"INSTANCES", std::to_string(service.instances)}});
    return text;
}

std::string wrapper_script(const Manifest& manifest, const HostService& service) {
    std::vector<std::string> names_and_paths;
    for (const Credential& credential : service.credentials)
        names_and_paths.insert(names_and_paths.end(), {credential.name, credential.path});
    const std::string credentials =
        service.credentials.empty()
            ? ""
            : fill("services/credentials.sh", {{"SERVICE", service.name},
                                               {"PACKAGE", manifest.name},
                                               {"PROGRAM", service.program},
                                               {"USER", manifest.user},
                                               {"CREDENTIALS", shell_words(names_and_paths)}});
    return fill("services/run.sh", {{"SERVICE", service.name},
                                    {"PACKAGE", manifest.name},
                                    {"USER", manifest.user},
                                    {"STOP_SIGNAL", service.stop_signal},
                                    {"CREDENTIALS", credentials},
                                    {"PYTHON", shell_quote(manifest.interpreter_path())},
                                    {"COMMAND", shell_words(service.command)}});
}

std::string systemd_unit(const Manifest& manifest, const HostService& service) {
    const bool many = service.instances > 1;
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
         {"UNIT", many ? stem_of(service) + "@.service" : service.program},
         {"DESCRIPTION", describe(manifest, service) + (many ? " instance %i" : "")},
         {"PART_OF", many ? "PartOf=" + service.program + "\n" : ""},
         {"TYPE", word_of(service.type)},
         {"INSTANCE_ENVIRONMENT", many ? "Environment=INSTANCE=%i\n" : ""},
         {"CREDENTIALS", credentials},
         {"COMMAND", systemd_words(service.command)},
         {"PIDFILE",
          service.pidfile.empty() ? "" : "PIDFile=" + systemd_value(service.pidfile) + "\n"},
         {"RELOAD", extra},
         {"STOP_SIGNAL", "SIG" + service.stop_signal},
         {"USER", manifest.user},
         {"HARDENING", hardening},
         {"INSTALL", many ? "" : "\n[Install]\nWantedBy=multi-user.target\n"}});
}

std::string instances_target(const Manifest& manifest, const HostService& service) {
    std::string wants;
    for (int i = 1; i <= service.instances; ++i)
        wants += fmt::format("{}{}@{}.service", i > 1 ? " " : "", stem_of(service), i);
    return fill("services/instances.target", {{"SERVICE", service.name},
                                              {"PACKAGE", manifest.name},
                                              {"DESCRIPTION", describe(manifest, service)},
                                              {"WANTS", wants}});
}

Result<void> add_service_files(const Manifest& manifest, const std::vector<HostService>& services,
                               HostPlan& plan) {
    if (services.empty()) return {};
    const std::string own = "/usr/lib/" + manifest.name + "/";
    // deb-systemd-helper of bookworm and of trixie look here; on a merged /usr it is /lib too.
    const std::string units = "/usr/lib/systemd/system/";
    std::string boot = std::string(resource("services/tmpfiles.conf"));
    boot += fmt::format("d /run/{0} 0755 {1} root -\nd /var/log/{0} 0755 root root -\n",
                        manifest.name, manifest.user);
    bool supervised = false;
    for (const HostService& service : services) {
        const std::string origin = "SERVICE " + service.name;
        TRY(plan.add_bytes(own + service.name + ".env", environment_text(manifest, service), 0644,
                           origin));
        if (service.runner == Runner::systemd) {
            const bool many = service.instances > 1;
            const std::string unit = many ? stem_of(service) + "@.service" : service.program;
            TRY(plan.add_bytes(units + unit, systemd_unit(manifest, service), 0644, origin));
            if (many)
                TRY(plan.add_bytes(units + service.program, instances_target(manifest, service),
                                   0644, origin));
            continue;
        }
        supervised = true;
        TRY(plan.add_bytes(own + "run-" + service.name, wrapper_script(manifest, service), 0755,
                           origin));
        TRY(plan.add_bytes(fmt::format("/etc/{}/supervisor/{}.conf", manifest.name, service.name),
                           supervisor_conf(manifest, service), 0644, origin));
    }
    if (supervised) {
        TRY(plan.add_bytes("/usr/lib/tmpfiles.d/" + manifest.name + ".conf", boot, 0644,
                           "SERVICE"));
        TRY(plan.add_bytes(own + "environment.py", std::string(resource("python/environment.py")),
                           0644, "SERVICE"));
    }
    return plan.add_bytes("/etc/default/" + manifest.name,
                          fill("services/default.env", {{"PACKAGE", manifest.name}}), 0644,
                          "SERVICE (the environment that the administrator may change)");
}

}  // namespace dba::steps
