#include "steps/render/supervisord.hpp"

#include <fmt/format.h>

#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

// ConfigParser reads "%" as the start of an expansion.
std::string conf_value(const std::string& text) {
    std::string value;
    for (const char c : text) value += c == '%' ? "%%" : std::string(1, c);
    return value;
}

std::string log_name(const HostService& service) {
    return service.instances > 1 ? service.name + "_%(process_num)d.log" : service.name + ".log";
}

std::string supervisor_conf(const Manifest& manifest, const HostService& service) {
    std::string text =
        fill("services/supervisor.conf", {{"SERVICE", service.name},
                                          {"PACKAGE", manifest.name},
                                          {"PROGRAM", service.program},
                                          {"DIRECTORY", conf_value(manifest.working_directory())},
                                          {"USER", manifest.user},
                                          {"UMASK", fmt::format("{:03o}", manifest.umask)},
                                          {"PRIORITY", std::to_string(service.priority)},
                                          {"STOP_SIGNAL", service.stop_signal},
                                          {"STOP_TIMEOUT", std::to_string(service.stop_timeout)},
                                          {"STOP_GROUP", service.stop_group ? "true" : "false"},
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
    const std::string migration =
        manifest.migrations.empty()
            ? ""
            : fill("services/wait-for-migration.sh", {{"SERVICE", service.name},
                                                      {"PACKAGE", manifest.name},
                                                      {"MIGRATION", manifest.migration_unit()}});
    std::vector<std::string> command = required_command(manifest, service);
    if (!command.empty()) command.emplace_back("--");
    command.insert(command.end(), service.command.begin(), service.command.end());
    return fill("services/run.sh", {{"SERVICE", service.name},
                                    {"MIGRATION", migration},
                                    {"PACKAGE", manifest.name},
                                    {"USER", manifest.user},
                                    {"STOP_SIGNAL", service.stop_signal},
                                    {"STOP_TIMEOUT", std::to_string(service.stop_timeout)},
                                    {"STOP_GROUP", service.stop_group ? "true" : "false"},
                                    {"CREDENTIALS", credentials},
                                    {"PYTHON", shell_quote(manifest.interpreter_path())},
                                    {"COMMAND", shell_words(command)}});
}

Result<void> add_program(const Manifest& manifest, const HostService& service, HostPlan& plan) {
    const std::string origin = "SERVICE " + service.name;
    TRY(plan.add_bytes(fmt::format("/usr/lib/{}/run-{}", manifest.name, service.name),
                       wrapper_script(manifest, service), 0755, origin));
    return plan.add_bytes(fmt::format("/etc/{}/supervisor/{}.conf", manifest.name, service.name),
                          supervisor_conf(manifest, service), 0644, origin);
}

// The directories that systemd makes by itself.
Result<void> add_boot(const Manifest& manifest, HostPlan& plan) {
    const std::string boot =
        std::string(resource("services/tmpfiles.conf")) +
        fmt::format("d /run/{0} 0755 {1} root -\nd /var/log/{0} 0755 root root -\n", manifest.name,
                    manifest.user);
    return plan.add_bytes("/usr/lib/tmpfiles.d/" + manifest.name + ".conf", boot, 0644, "SERVICE");
}

// Without the number of instances: supervisord takes a new one by itself.
std::string same_program(const HostService& service) {
    return fmt::format("'{} supervisord {} '*", service.name, service.program);
}

std::string enable_program(const HostService& service) {
    return fmt::format("enable_supervisord {} {}\n", service.name, service.program);
}

std::string start_program(const HostService& service, const std::string& action) {
    return fmt::format("start_supervisord {} {}\n", start_words(service), action);
}

std::string start_program_by_hand(const HostService& service) {
    return "supervisorctl start '" + service.program + ":*'";
}

std::string withdraw_program(const HostService& service) {
    return fmt::format("withdraw_supervisord {}\n", service.program);
}

}  // namespace

const RunnerWays supervisord = {
    .package = "supervisor",
    .add_files = add_program,
    .add_common_files = add_boot,
    .same = same_program,
    .enable = enable_program,
    .start = start_program,
    .by_hand = start_program_by_hand,
    .withdraw = withdraw_program,
    .purge = [](const HostService& /*service*/) { return std::string(); },
    .before_start = [] { return std::string(); },
    .after_start = [](const std::string& /*action*/) { return std::string(); },
    .after_withdraw = [] { return std::string(); }};

}  // namespace dba::steps
