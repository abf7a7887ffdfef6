#include "python/installer.hpp"

#include <fmt/format.h>

#include <array>

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "python/installer_pip.hpp"
#include "python/installer_uv.hpp"
#include "python/native_wheels.hpp"
#include "python/remedy.hpp"
#include "system/debian/contents.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"
#include "system/process/toolchains.hpp"
#include "system/process/variables.hpp"

namespace dba {
namespace {

// As in choices_of<InstallerKind>.
constexpr std::array<const InstallerWays*, choices_of<InstallerKind>.size()> installers = {
    &installer_uv, &installer_pip};

std::optional<Error> hash_mismatch(const std::string& text,
                                   const InstallerWays::Complaints& complaints) {
    if (text.find(complaints.mismatch) == std::string::npos) return {};
    const std::string name = text::first_group(text, complaints.name);
    return Error{ExitCode::bad_input,
                 {},
                 name.empty() ? "lock" : name,
                 fmt::format("the file that was offered is not the one in the lock: expected "
                             "sha256 {}, got {}",
                             text::first_group(text, complaints.expected),
                             text::first_group(text, complaints.got)),
                 "the index or wheelhouse changed it, or someone on the way did; only if you trust "
                 "the new file, lock again"};
}

std::optional<Error> damaged_file(const std::string& text,
                                  const InstallerWays::Complaints& complaints) {
    const std::string file = text::first_group(text, complaints.damaged);
    if (file.empty()) return {};
    return Error{ExitCode::bad_input,
                 {},
                 fs::path(file).filename().string(),
                 "is truncated or damaged: it cannot be unpacked",
                 "get the file again, and lock again if the lock has the hash of the damaged one"};
}

std::vector<std::string> redacted(std::vector<std::string> words) {
    for (std::string& word : words) word = redact_urls(word);
    return words;
}

bool is_connection_failure(const std::string& text) {
    for (const char* word : {"Failed to fetch", "Request failed", "Could not connect",
                             "NewConnectionError", "Temporary failure in name resolution"})
        if (text.find(word) != std::string::npos) return true;
    return false;
}

// Nothing where no source distribution was being built.
std::optional<std::string> remedy_of_build(const std::string& text, const Manifest& manifest) {
    if (const std::string built = failed_distribution(text); !built.empty())
        return remedy_for({text, built, {}}, manifest, apt_lists);
    // pip --quiet does not tell whose it was.
    if (text.find("subprocess-exited-with-error") == std::string::npos) return std::nullopt;
    return package_remedy(text, manifest, apt_lists);
}

void add_index_settings(Environment& environment, const Manifest& manifest) {
    if (!manifest.wheelhouse.empty()) return;
    const InstallerWays& installer = installer_of(manifest);
    if (!manifest.index_url.empty()) environment[installer.index_variable] = manifest.index_url;
    if (!manifest.extra_index_urls.empty())
        environment[installer.extra_index_variable] =
            fmt::format("{}", fmt::join(manifest.extra_index_urls, " "));
}

// Without a connection, an installer that has a cache gets a second try with what is in it.
Result<Completed> run_connecting(const Command& command, const Manifest& manifest, bool cache_first,
                                 System& system) {
    const char* const offline_variable = installer_of(manifest).offline_variable;
    const bool cache = offline_variable != nullptr && manifest.wheelhouse.empty();
    Command offline = command;
    if (cache) offline.environment[offline_variable] = "1";
    if (cache && cache_first) {
        TRY_ASSIGN(Completed run, system.processes.run(offline));
        if (run.status == 0) return run;
    }
    TRY_ASSIGN(Completed run, system.processes.run(command));
    if (run.status == 0 || !cache || cache_first || !is_connection_failure(run.err)) return run;
    TRY_ASSIGN(Completed again, system.processes.run(offline));
    if (again.status != 0) return run;
    system.log.warning("lock", "no connection to the index: uv's cache answers");
    return again;
}

}  // namespace

const InstallerWays& installer_of(const Manifest& manifest) {
    return *installers.at(static_cast<std::size_t>(manifest.installer.kind));
}

std::vector<std::string> index_arguments(const Manifest& manifest) {
    std::vector<std::string> words;
    if (!manifest.wheelhouse.empty()) words = {"--no-index", "--find-links", manifest.wheelhouse};
    words.insert(words.end(), manifest.installer.args.begin(), manifest.installer.args.end());
    return words;
}

void map_prefix(Environment& environment, const fs::path& directory, const std::string& place) {
    const std::string flag =
        quote_command({fmt::format("-ffile-prefix-map={}={}", directory.string(), place)});
    for (const char* flags : {"CFLAGS", "CXXFLAGS"}) environment[flags] += " " + flag;
}

void call_it_final(Environment& environment, const Venv& venv) {
    map_prefix(environment, venv.root, "");
}

Environment installer_environment(const fs::path& scratch, const Manifest& manifest,
                                  bool from_index) {
    Environment environment = clean_environment(scratch, manifest.source_date_epoch);
    // Compilers of source distributions: debug information would name the directory they ran in,
    // and nobody can use it on the target, where that directory is not.
    environment["CFLAGS"] = environment["CXXFLAGS"] = "-g0";
    map_prefix(environment, scratch, ".");
    pass_toolchains(environment);
    if (from_index) {
        pass_connection_settings(environment);
        add_index_settings(environment, manifest);
    }
    environment["NO_COLOR"] = "1";
    // A build backend may start either.
    for (const InstallerWays* one : installers) one->settings(environment, scratch);
    return environment;
}

void add_installer(Receipt& receipt, const Manifest& manifest) {
    receipt.add("manifest.installer.kind", manifest.installer.kind)
        .add("manifest.installer.version", manifest.installer.version)
        .add("manifest.installer.args", redacted(manifest.installer.args));
}

Result<void> add_index(Receipt& receipt, const Manifest& manifest) {
    if (manifest.wheelhouse.empty()) {
        receipt.add("manifest.index_url", redact_urls(manifest.index_url))
            .add("manifest.extra_index_urls", redacted(manifest.extra_index_urls));
        return {};
    }
    TRY_ASSIGN(const auto files, list_tree(manifest.wheelhouse, "", false));
    std::string listing;
    for (const auto& file : files) listing += fmt::format("{} {}\n", file.path, file.size);
    receipt.add("wheelhouse", listing);
    return {};
}

Error installer_error(const Completed& run, const std::string& subject, const std::string& what,
                      const Manifest& manifest) {
    const std::string text = redact_urls(run.err + run.out);
    const auto& complaints = installer_of(manifest).complaints;
    if (auto mismatch = hash_mismatch(text, complaints)) return *mismatch;
    if (auto damaged = damaged_file(text, complaints)) return *damaged;
    const bool connection = is_connection_failure(text);
    Error error;
    error.code = connection ? ExitCode::system : ExitCode::bad_input;
    error.subject = subject;
    error.cause = fmt::format("{} failed; {} says:\n{}", what, word_of(manifest.installer.kind),
                              last_lines(text, 12));
    const auto remedy = remedy_of_build(text, manifest);
    const auto native = native_build(text, manifest);
    if (native && !connection) {
        error.hint = native->remedy;
        if (!native->name.empty()) error.subject = native->name;
    } else if (remedy && !connection)
        error.hint = *remedy;
    else if (!manifest.wheelhouse.empty())
        error.hint = "only WHEELHOUSE is asked: put what is missing into " + manifest.wheelhouse;
    else if (connection)
        error.hint = "check the network, or build from a WHEELHOUSE";
    return error;
}

Result<void> run_install(const Venv& venv, const Installation& installation,
                         const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("installer"));
    Command command;
    TRY_ASSIGN(command.argv,
               installer_of(manifest).install(venv, installation, manifest, scratch, system));
    const auto add = [&](const std::vector<std::string>& words) {
        command.argv.insert(command.argv.end(), words.begin(), words.end());
    };
    if (installation.from_index) {
        add(index_arguments(manifest));
    } else {
        add({"--no-index"});
        add(manifest.installer.args);
    }
    add(installation.arguments);
    const InstallerWays& installer = installer_of(manifest);
    TRY(installer.options(command.argv, installation.options, false, scratch));
    command.environment = installer_environment(scratch, manifest, installation.from_index);
    call_it_final(command.environment, venv);
    answer_for_target(command.environment, manifest);
    pass_variables(command.environment, installation.options.variables);
    if (!installation.index.empty()) {
        command.environment.erase(installer.extra_index_variable);
        command.environment[installer.index_variable] = installation.index;
    }
    TRY_ASSIGN(Completed run,
               run_connecting(command, manifest, !installation.pins.empty(), system));
    if (run.status == 0) return {};
    run.err = hide_variables(std::move(run.err), installation.options.variables);
    Error error = installer_error(run, "install", "installing", manifest);
    if (error.code == ExitCode::system && !installation.pins.empty())
        error.hint = fmt::format(
            "check the network, or build from a WHEELHOUSE with what uv's cache lacks of: {}",
            fmt::join(installation.pins, ", "));
    return Failure(std::move(error));
}

Result<std::vector<std::string>> request_files(const ResolveRequest& request,
                                               const fs::path& scratch) {
    const fs::path input = scratch / "requirements.in";
    TRY(write_file(input, request.options.lines() + request.lines));
    std::vector<std::string> words{input.string()};
    if (request.constraints.empty()) return words;
    const fs::path constraints = scratch / "constraints.txt";
    TRY(write_file(constraints, request.constraints));
    words.insert(words.end(), {"-c", constraints.string()});
    return words;
}

Result<Completed> run_resolver(Command command, const ResolveRequest& request,
                               const Manifest& manifest, const fs::path& scratch, System& system) {
    TRY(installer_of(manifest).options(command.argv, request.options, true, scratch));
    command.environment = installer_environment(scratch, manifest, true);
    answer_for_target(command.environment, manifest);
    pass_variables(command.environment, request.options.variables);
    command.directory = scratch;
    TRY_ASSIGN(Completed run, run_connecting(command, manifest, false, system));
    run.err = hide_variables(std::move(run.err), request.options.variables);
    if (run.status != 0)
        return Failure(installer_error(run, "requirements of " + request.application,
                                       "resolving them", manifest));
    return run;
}

Result<std::string> run_resolve(const ResolveRequest& request, const Layer& interpreter,
                                const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("lock"));
    TRY_ASSIGN(const auto venv, stage_venv(manifest, interpreter, scratch / "root"));
    return installer_of(manifest).resolve(request, venv, manifest, scratch, system);
}

}  // namespace dba
