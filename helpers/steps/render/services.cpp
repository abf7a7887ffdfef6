#include "steps/render/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "formats/text/shebang.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "steps/render/runner.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

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

}  // namespace

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
    const std::string near = nearest(text::file_name(word), programs);
    return bad_input(
        subject, fmt::format("{} '{}', but there is no {} in the environment", what, word, path),
        near.empty() ? "add the distribution that brings it to REQUIREMENTS"
                     : fmt::format("did you mean '{}'? Or add the distribution that brings it to "
                                   "REQUIREMENTS",
                                   near));
}

Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers) {
    std::vector<HostService> out = manifest.services;
    for (HostService& service : out) {
        std::string& program = service.command.front();
        if (program.starts_with("/") && !program.starts_with(manifest.prefix + "/")) continue;
        TRY_ASSIGN(program,
                   find_venv_program(program, manifest.prefix, layers, "SERVICE " + service.name,
                                     "its COMMAND starts with"));
        TRY(start_by_interpreter(manifest, layers, service.command));
    }
    return out;
}

Result<void> add_service_files(const Manifest& manifest, const std::vector<HostService>& services,
                               HostPlan& plan) {
    if (services.empty()) return {};
    for (const HostService& service : services) {
        TRY(plan.add_bytes(fmt::format("/usr/lib/{}/{}.env", manifest.name, service.name),
                           environment_text(manifest, service), 0644, "SERVICE " + service.name));
        TRY(ways_of(service.runner).add_files(manifest, service, plan));
    }
    for (const RunnerWays* runner : runners_of(services))
        TRY(runner->add_common_files(manifest, plan));
    return plan.add_bytes("/etc/default/" + manifest.name,
                          fill("services/default.env", {{"PACKAGE", manifest.name}}), 0644,
                          "SERVICE (the environment that the administrator may change)");
}

}  // namespace dba::steps
