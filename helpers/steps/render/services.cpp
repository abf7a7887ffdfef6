#include "steps/render/services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "formats/text/shebang.hpp"
#include "formats/text/suggest.hpp"
#include "formats/text/text.hpp"
#include "steps/render/runner.hpp"
#include "steps/render/text.hpp"
#include "system/files/files.hpp"
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
        command.insert(command.begin(),
                       {manifest.interpreter_path(),
                        shebang->arguments == "-I" ? script_flags(manifest) : "-s"});
        return {};
    }
    return {};
}

std::string environment_text(const Manifest& manifest, const HostService& service) {
    return fmt::format(
               "# Environment of service {} of {}, as declared; /etc/default/{} overrides it.\n",
               service.name, manifest.name, manifest.name) +
           environment_lines(service.environment);
}

// The whole path of a program that the target has; "" = it has none of that name. Where /bin is a
// link, the shells are still known by their names there (Policy 10.4).
std::string program_of_host(const fs::path& root, const std::string& name) {
    if (name.find('/') != std::string::npos) return "";
    for (const char* shell : {"sh", "dash", "bash"})
        if (name == shell) return "/bin/" + name;
    for (const char* directory : {"/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"})
        if (file_exists(root / (directory + name).substr(1))) return directory + name;
    return "";
}

}  // namespace

std::string required_program(const Manifest& manifest) {
    return "/usr/lib/" + manifest.name + "/required";
}

std::vector<std::string> required_command(const Manifest& manifest, const HostService& service) {
    if (service.environment_required.empty()) return {};
    std::vector<std::string> words = {required_program(manifest), service.name,
                                      ways_of(service.runner).by_hand(service)};
    words.insert(words.end(), service.environment_required.begin(),
                 service.environment_required.end());
    return words;
}

std::string script_flags(const Manifest& manifest) {
    const std::string& version = manifest.python.version;
    return version == "3.9" || version == "3.10" ? "-s" : "-sP";
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
    const std::string near = nearest(text::file_name(word), programs);
    return bad_input(
        subject, fmt::format("{} '{}', but there is no {} in the environment", what, word, path),
        near.empty() ? "add the distribution that brings it to REQUIREMENTS"
                     : fmt::format("did you mean '{}'? Or add the distribution that brings it to "
                                   "REQUIREMENTS",
                                   near));
}

Result<void> plan_command(const Manifest& manifest, const std::vector<Layer>& layers,
                          const std::string& subject, std::vector<std::string>& command) {
    std::string& program = command.front();
    if (program.starts_with("/") && !program.starts_with(manifest.prefix + "/")) return {};
    auto found =
        find_venv_program(program, manifest.prefix, layers, subject, "its COMMAND starts with");
    if (!found) {
        const std::string own = program_of_host(manifest.target.root, program);
        if (!own.empty()) found.error().hint = fmt::format("write {} for the host's own", own);
        return Failure(found.error());
    }
    program = *found;
    return start_by_interpreter(manifest, layers, command);
}

Result<std::vector<HostService>> plan_services(const Manifest& manifest,
                                               const std::vector<Layer>& layers) {
    std::vector<HostService> out = manifest.services;
    for (HostService& service : out)
        TRY(plan_command(manifest, layers, "SERVICE " + service.name, service.command));
    return out;
}

Result<void> check_working_directory(const Manifest& manifest, const std::vector<Layer>& layers) {
    const std::string& path = manifest.directory_of_services;
    if (!text::is_within(path, manifest.prefix)) return {};
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            if (entry.path == path && entry.kind == EntryKind::directory) return {};
    return bad_input("WORKING_DIRECTORY " + path, "the package has no such directory",
                     "name one of the application's, or leave it out");
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
    if (std::any_of(services.begin(), services.end(), [](const HostService& service) {
            return !service.environment_required.empty();
        }))
        TRY(plan.add_bytes(
            required_program(manifest),
            fill("services/required.sh", {{"PACKAGE", manifest.name}, {"USER", manifest.user}}),
            0755, "ENVIRONMENT_REQUIRED"));
    return plan.add_bytes("/etc/default/" + manifest.name,
                          fill("services/default.env", {{"PACKAGE", manifest.name}}), 0644,
                          "SERVICE (the environment that the administrator may change)");
}

}  // namespace dba::steps
