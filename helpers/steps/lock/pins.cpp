#include "steps/lock/pins.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"

namespace dba::steps {
namespace {

Result<Completed> run_resolver(Command command, const ResolveRequest& request,
                               const Manifest& manifest, const fs::path& scratch, System& system) {
    command.environment = installer_environment(scratch, manifest, true);
    command.directory = scratch;
    TRY_ASSIGN(Completed run, run_connecting(command, manifest, false, system));
    if (run.status != 0)
        return Failure(installer_error(run, "requirements of " + request.application,
                                       "resolving them", manifest));
    return run;
}

Result<std::string> resolve_by_uv(const Manifest& manifest, const ResolveRequest& request,
                                  const Venv& venv, const fs::path& scratch, System& system) {
    const fs::path input = scratch / "requirements.in";
    TRY(write_file(input, request.lines));
    Command command;
    command.argv = {manifest.installer.path,
                    "pip",
                    "compile",
                    "--no-config",
                    "--quiet",
                    "--generate-hashes",
                    "--no-header",
                    "--no-annotate",
                    "--python",
                    venv.python.string(),
                    "--no-emit-package",
                    request.application};
    if (!request.nested.empty()) {
        std::string lines;
        for (const auto& source : request.nested)
            lines += fmt::format("{} @ {}\n", source.name, text::file_url(source.wheel.string()));
        const fs::path overrides = scratch / "overrides.txt";
        TRY(write_file(overrides, lines));
        command.argv.insert(command.argv.end(), {"--overrides", overrides.string()});
    }
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.insert(command.argv.end(), manifest.installer.args.begin(),
                        manifest.installer.args.end());
    command.argv.push_back(input.string());
    for (const auto& file : request.files) command.argv.push_back(file.string());
    TRY_ASSIGN(const Completed run,
               run_resolver(std::move(command), request, manifest, scratch, system));
    return run.out;
}

// pip has no `compile`; its installation report (pip >= 22.2) names each file and its hash.
Result<std::string> lock_of_report(const std::string& text, const std::string& application) {
    const auto report = nlohmann::json::parse(text, nullptr, false);
    if (!report.is_object() || !report.contains("install"))
        return system_error("pip", "gave an installation report that cannot be read");
    std::map<std::string, std::string> lines;
    for (const auto& item : report["install"]) {
        const auto metadata = item.value("metadata", nlohmann::json::object());
        const std::string name = normalise_distribution(metadata.value("name", std::string()));
        if (name == normalise_distribution(application)) continue;
        const auto download = item.value("download_info", nlohmann::json::object());
        const auto archive = download.value("archive_info", nlohmann::json::object());
        std::string hash;
        if (archive.contains("hashes"))
            hash = archive["hashes"].value("sha256", std::string());
        else if (archive.value("hash", std::string()).starts_with("sha256="))
            hash = archive.value("hash", std::string()).substr(7);
        lines[name] = item.value("is_direct", false)
                          ? fmt::format("{} @ {}", name, download.value("url", std::string()))
                          : fmt::format("{}=={}", name, metadata.value("version", std::string()));
        if (!hash.empty()) lines[name] += " \\\n    --hash=sha256:" + hash;
        lines[name] += "\n";
    }
    std::string lock;
    for (const auto& [name, line] : lines) lock += line;
    return lock;
}

Result<std::string> resolve_by_pip(const Manifest& manifest, const ResolveRequest& request,
                                   const Venv& venv, const fs::path& scratch, System& system) {
    if (!request.nested.empty())
        return bad_input(request.nested.front().pin,
                         "is asked for by a source, not by the application, and INSTALLER is pip",
                         "name it in REQUIREMENTS as a wheel, or say INSTALLER uv");
    const fs::path report = scratch / "report.json";
    Command command;
    TRY_ASSIGN(command.argv, pip_command(venv, manifest, system));
    for (const char* word : {"install", "--dry-run", "--ignore-installed", "--quiet",
                             "--use-pep517", "--progress-bar", "off", "--report"})
        command.argv.emplace_back(word);
    command.argv.push_back(report.string());
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.insert(command.argv.end(), manifest.installer.args.begin(),
                        manifest.installer.args.end());
    const fs::path input = scratch / "requirements.in";
    TRY(write_file(input, request.lines));
    command.argv.insert(command.argv.end(), {"-r", input.string()});
    for (const auto& file : request.files)
        command.argv.insert(command.argv.end(), {"-r", file.string()});
    TRY(run_resolver(std::move(command), request, manifest, scratch, system));
    TRY_ASSIGN(const std::string text, read_file(report));
    return lock_of_report(text, request.application);
}

}  // namespace

Result<std::string> resolve_requirements(const ResolveRequest& request, const Manifest& manifest,
                                         const Layer& interpreter, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("lock"));
    TRY_ASSIGN(const auto venv, stage_venv(manifest, interpreter, scratch / "root"));
    return manifest.installer.kind == InstallerKind::uv
               ? resolve_by_uv(manifest, request, venv, scratch, system)
               : resolve_by_pip(manifest, request, venv, scratch, system);
}

}  // namespace dba::steps
