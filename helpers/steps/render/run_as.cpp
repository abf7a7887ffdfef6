#include "steps/render/run_as.hpp"

#include <fmt/format.h>

#include "formats/text/text.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

// A branch of `case $service`: which environment, and the credentials, a name and a path in a line.
std::string settings_branch(const std::string& pattern, const std::string& environment,
                            const std::vector<Credential>& credentials) {
    std::string lines;
    for (const Credential& credential : credentials)
        lines += (lines.empty() ? "" : "\n") + credential.name + " " + credential.path;
    return fmt::format("    {})\n        settings={}\n        credentials={}\n        ;;\n",
                       pattern, environment, shell_quote(lines));
}

// A name for a function of the shell.
std::string as_identifier(const std::string& name) {
    std::string out;
    for (const char byte : name) out += text::is_alnum(byte) ? byte : '_';
    return out;
}

}  // namespace

Result<void> add_run_as(const Manifest& manifest, const std::vector<HostService>& services,
                        HostPlan& plan) {
    if (manifest.run_as.empty()) return {};
    const std::string own = "/usr/lib/" + manifest.name + "/";
    const std::string origin = "RUN_AS " + manifest.run_as;
    TRY(plan.add_bytes(own + "environment.py", std::string(resource("python/environment.py")), 0644,
                       origin));
    TRY(plan.add_bytes(
        own + "environment",
        fmt::format("# Environment of {}, as declared; /etc/default/{} overrides it.\n",
                    manifest.run_as, manifest.name) +
            environment_lines(manifest.shared.environment),
        0644, origin));
    std::vector<std::string> names;
    std::string branches = "case $service in\n" +
                           settings_branch("''", own + "environment", manifest.shared.credentials);
    for (const HostService& service : services) {
        names.push_back(service.name);
        branches += settings_branch(service.name, own + service.name + ".env", service.credentials);
    }
    const std::string known =
        names.empty() ? "it has none" : fmt::format("one of: {}", fmt::join(names, " "));
    TRY(plan.add_bytes(
        "/usr/bin/" + manifest.run_as,
        fill("services/run_as.sh", {{"RUN_AS", manifest.run_as},
                                    {"PACKAGE", manifest.name},
                                    {"USER", manifest.user},
                                    {"PREFIX", manifest.prefix},
                                    {"PREFIX_WORD", shell_quote(manifest.prefix)},
                                    {"PYTHON", shell_quote(manifest.interpreter_path())},
                                    {"PYTHON_FLAGS", script_flags(manifest)},
                                    {"DIRECTORY", shell_quote(manifest.working_directory())},
                                    {"UMASK", fmt::format("{:04o}", manifest.umask)},
                                    {"SERVICES", known},
                                    {"SETTINGS", branches + "esac"}}),
        0755, origin));
    return plan.add_bytes("/usr/share/bash-completion/completions/" + manifest.run_as,
                          fill("services/run_as.completion",
                               {{"RUN_AS", manifest.run_as},
                                {"FUNCTION", as_identifier(manifest.run_as)},
                                {"PREFIX_WORD", shell_quote(manifest.prefix)},
                                {"DIRECTORY", shell_quote(manifest.working_directory())},
                                {"SERVICES", fmt::format("{}", fmt::join(names, " "))}}),
                          0644, origin);
}

}  // namespace dba::steps
