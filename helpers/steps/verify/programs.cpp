#include "steps/verify/programs.hpp"

#include <fmt/format.h>

#include "steps/render/migrate.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {
namespace {

// `given` with its credentials in a directory of that name.
Environment environment_of(const Manifest& manifest, const SharedSettings& given,
                           const std::string& name) {
    // Python takes an empty variable as unset; so do the units.
    Environment environment = {{"PYTHONHOME", ""}, {"PYTHONPATH", ""}, {"PYTHONSTARTUP", ""}};
    if (!given.credentials.empty())
        environment["CREDENTIALS_DIRECTORY"] =
            fmt::format("/run/{}/credentials/{}", manifest.name, name);
    for (const std::string& setting : given.environment) {
        const std::size_t equals = setting.find('=');
        environment[setting.substr(0, equals)] = setting.substr(equals + 1);
    }
    return environment;
}

Environment environment_of(const Manifest& manifest, const HostService& service) {
    Environment environment = environment_of(
        manifest, SharedSettings{service.environment, service.credentials}, service.program);
    if (service.instances > 1) environment.try_emplace("INSTANCE", "1");
    return environment;
}

std::vector<std::string> names_of(const std::vector<Credential>& credentials) {
    std::vector<std::string> names;
    names.reserve(credentials.size());
    for (const Credential& one : credentials) names.push_back(one.name);
    return names;
}

bool brings_ansible(const Manifest& manifest, const std::vector<Layer>& layers) {
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            if (entry.path.starts_with(manifest.prefix + "/") &&
                entry.path.ends_with("/site-packages/ansible/cli/playbook.py"))
                return true;
    return false;
}

}  // namespace

Result<std::vector<Program>> programs_of(const Manifest& manifest,
                                         const std::vector<Layer>& layers) {
    std::vector<Program> programs;
    TRY_ASSIGN(const auto services, plan_services(manifest, layers));
    for (const HostService& service : services)
        programs.push_back({"SERVICE " + service.name, service.command,
                            environment_of(manifest, service), manifest.working_directory(),
                            names_of(service.credentials)});
    TRY_ASSIGN(const HostMigration migration, plan_migration(manifest, layers));
    for (const MigrationStep& step : migration.steps) {
        SharedSettings given = manifest.shared;
        for (const HostService& service : services)
            if (service.name == step.as_service)
                given = SharedSettings{service.environment, service.credentials};
        programs.push_back({"MIGRATE " + step.declared, step.command,
                            environment_of(manifest, given, "run"), manifest.working_directory(),
                            names_of(given.credentials)});
    }
    const Environment shell = {
        {"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/tmp"}, {"LANG", "C.UTF-8"}};
    for (const std::string& script : manifest.scripts)
        programs.push_back({"SCRIPTS " + script, {manifest.prefix + "/bin/" + script}, shell, "/"});
    if (!manifest.configure_playbook.empty() && brings_ansible(manifest, layers))
        programs.push_back({"CONFIGURE_PLAYBOOK",
                            {manifest.interpreter_path(), "-I", "-c",
                             "import ansible.cli.playbook\n"
                             "from ansible.plugins.callback import CallbackBase\n"
                             "from ansible.utils.unsafe_proxy import wrap_var\n"},
                            shell,
                            "/"});
    return programs;
}

}  // namespace dba::steps
