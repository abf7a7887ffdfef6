#include "steps/lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "formats/version.hpp"
#include "steps/install_environment.hpp"
#include "steps/install_wheel.hpp"
#include "steps/lock_requirements.hpp"
#include "system/digest.hpp"
#include "system/files.hpp"

namespace dba::steps {
namespace {

constexpr int lock_format = 1;  // of NAME.lock's first line

struct Request {
    ApplicationWheel wheel;
    std::vector<fs::path> requirements;         // as declared
    std::map<std::string, std::string> inputs;  // what the answer depends on
};

Result<Request> request_of(const Manifest& manifest, const LockInputs& inputs, System& system) {
    Request request;
    TRY_ASSIGN(request.wheel,
               application_wheel(manifest, inputs.interpreter, inputs.source, system));
    TRY_ASSIGN(request.inputs, installer_inputs(manifest));
    const Metadata& metadata = request.wheel.metadata;
    auto requires_dist = metadata.requires_dist;
    std::sort(requires_dist.begin(), requires_dist.end());
    request.inputs["requires-dist"] = fmt::format("{}", fmt::join(requires_dist, "\n"));
    request.inputs["requires-python"] = metadata.requires_python;
    request.inputs["extras"] = fmt::format("{}", fmt::join(manifest.extras, ","));
    request.inputs["python"] = manifest.python.full_version;
    request.inputs["architecture"] = manifest.target.architecture;
    request.inputs["target"] = manifest.target.name;
    for (const auto& file : manifest.requirements) request.requirements.emplace_back(file);
    // A folder without metadata says here what it needs, if anywhere.
    std::error_code ignored;
    const fs::path beside = inputs.source.directory / "requirements.txt";
    if (manifest.project.bare && fs::is_regular_file(beside, ignored))
        request.requirements.push_back(beside);
    int number = 0;
    for (const auto& file : request.requirements) {
        TRY_ASSIGN(const auto files, requirement_files(file));
        for (const auto& part : files) {
            TRY_ASSIGN(request.inputs[fmt::format("requirements {}", ++number)], read_file(part));
        }
    }
    return request;
}

bool asks_for_nothing(const Request& request) {
    return request.wheel.metadata.requires_dist.empty() && request.requirements.empty();
}

// "hello-flask[extra] @ file:///...whl": the resolver then judges markers, extras and
// Requires-Python itself, and says the project's name in its errors.
std::string application_requirement(const Manifest& manifest, const Request& request) {
    std::string extras;
    if (!manifest.extras.empty()) extras = fmt::format("[{}]", fmt::join(manifest.extras, ","));
    return fmt::format("{}{} @ file://{}\n", request.wheel.metadata.name, extras,
                       request.wheel.file.string());
}

Result<void> check_extras(const Manifest& manifest, const Metadata& metadata) {
    for (const auto& extra : manifest.extras) {
        const auto same = [&](const std::string& other) {
            return normalise_distribution(other) == normalise_distribution(extra);
        };
        if (std::any_of(metadata.provides_extra.begin(), metadata.provides_extra.end(), same))
            continue;
        return bad_input("EXTRAS " + extra, fmt::format("{} has no such extra", metadata.name),
                         metadata.provides_extra.empty()
                             ? std::string("it declares none")
                             : fmt::format("it has: {}", fmt::join(metadata.provides_extra, ", ")));
    }
    return {};
}

Result<std::string> resolve_by_uv(const Manifest& manifest, const Request& request,
                                  const StagedEnvironment& environment, const fs::path& scratch,
                                  System& system) {
    const fs::path input = scratch / "requirements.in";
    TRY(write_file(input, application_requirement(manifest, request)));
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
                    environment.python.string(),
                    "--no-emit-package",
                    request.wheel.metadata.name};
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.insert(command.argv.end(), manifest.installer.args.begin(),
                        manifest.installer.args.end());
    command.argv.push_back(input.string());
    for (const auto& file : request.requirements) command.argv.push_back(file.string());
    command.environment = installer_environment(scratch, manifest, true);
    command.directory = scratch;
    TRY_ASSIGN(const Completed run, system.processes.run(command));
    if (run.status != 0)
        return Failure(installer_error(run, "requirements of " + request.wheel.metadata.name,
                                       "resolving them", manifest));
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
        const auto archive = item.value("download_info", nlohmann::json::object())
                                 .value("archive_info", nlohmann::json::object());
        std::string hash;
        if (archive.contains("hashes"))
            hash = archive["hashes"].value("sha256", std::string());
        else if (archive.value("hash", std::string()).starts_with("sha256="))
            hash = archive.value("hash", std::string()).substr(7);
        lines[name] = fmt::format("{}=={}", name, metadata.value("version", std::string()));
        if (!hash.empty()) lines[name] += " \\\n    --hash=sha256:" + hash;
        lines[name] += "\n";
    }
    std::string lock;
    for (const auto& [name, line] : lines) lock += line;
    return lock;
}

Result<std::string> resolve_by_pip(const Manifest& manifest, const Request& request,
                                   const StagedEnvironment& environment, const fs::path& scratch,
                                   System& system) {
    const fs::path report = scratch / "report.json";
    Command command;
    TRY_ASSIGN(command.argv, pip_command(environment, manifest, system));
    for (const char* word : {"install", "--dry-run", "--ignore-installed", "--quiet",
                             "--use-pep517", "--progress-bar", "off", "--report"})
        command.argv.emplace_back(word);
    command.argv.push_back(report.string());
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.insert(command.argv.end(), manifest.installer.args.begin(),
                        manifest.installer.args.end());
    const fs::path input = scratch / "requirements.in";
    TRY(write_file(input, application_requirement(manifest, request)));
    command.argv.insert(command.argv.end(), {"-r", input.string()});
    for (const auto& file : request.requirements)
        command.argv.insert(command.argv.end(), {"-r", file.string()});
    command.environment = installer_environment(scratch, manifest, true);
    command.directory = scratch;
    TRY_ASSIGN(const Completed run, system.processes.run(command));
    if (run.status != 0)
        return Failure(installer_error(run, "requirements of " + request.wheel.metadata.name,
                                       "resolving them", manifest));
    TRY_ASSIGN(const std::string text, read_file(report));
    return lock_of_report(text, request.wheel.metadata.name);
}

std::string header_of(const Request& request) {
    std::string canonical;
    for (const auto& [name, value] : request.inputs)
        canonical += fmt::format("{}:{}{}:{}", name.size(), name, value.size(), value);
    return fmt::format("# deb-build-app lock {}, of inputs {}\n", lock_format,
                       sha256_hex(canonical));
}

Result<Lock> lock_from(const fs::path& file, const std::string& bytes) {
    Lock lock;
    lock.file = file;
    TRY_ASSIGN(const auto requirements, parse_lock(bytes, file.string()));
    lock.empty = requirements.empty();
    // Without the first line: the same pins from other inputs install the same files.
    lock.digest = sha256_hex(bytes.starts_with("# deb-build-app lock ")
                                 ? std::string_view(bytes).substr(bytes.find('\n') + 1)
                                 : std::string_view(bytes));
    return lock;
}

}  // namespace

Result<Lock> lock(const Manifest& manifest, const LockInputs& inputs, System& system) {
    if (!manifest.lock.empty()) {
        TRY_ASSIGN(const std::string bytes, read_file(manifest.lock));
        return lock_from(manifest.lock, bytes);
    }
    TRY_ASSIGN(const Request request, request_of(manifest, inputs, system));
    TRY(check_extras(manifest, request.wheel.metadata));
    // Not an entry of the store: those go when the program changes, and a lock stays until its
    // inputs do, or someone asks.
    const fs::path file = system.store.work() / "lock" / (manifest.name + ".lock");
    const std::string header = header_of(request);
    std::error_code error;
    if (!inputs.refresh && fs::exists(file, error)) {
        TRY_ASSIGN(const std::string bytes, read_file(file));
        if (bytes.starts_with(header)) return lock_from(file, bytes);
    }
    std::string resolved;
    if (!asks_for_nothing(request)) {
        system.log.step(
            "lock", fmt::format("resolving the requirements of {}", request.wheel.metadata.name));
        TRY_ASSIGN(const fs::path scratch, system.store.scratch("lock"));
        TRY_ASSIGN(const auto environment,
                   stage_environment(manifest, inputs.interpreter, scratch / "root"));
        if (manifest.installer.kind == "uv") {
            TRY_ASSIGN(resolved, resolve_by_uv(manifest, request, environment, scratch, system));
        } else {
            TRY_ASSIGN(resolved, resolve_by_pip(manifest, request, environment, scratch, system));
        }
    }
    const std::string bytes = header + redact_urls(resolved);
    auto lock = lock_from(file, bytes);
    if (!lock)
        return bad_input(
            "requirements of " + request.wheel.metadata.name,
            fmt::format("one of them is no released file with a sha256: {}", lock.error().cause),
            "build a wheel of it into WHEELHOUSE, or name a released version");
    TRY(make_directories(file.parent_path()));
    TRY(write_file(file, bytes));
    return lock;
}

}  // namespace dba::steps
