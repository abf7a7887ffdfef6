#include "steps/fetch/prepare.hpp"

#include <fmt/format.h>

#include "ansible/play.hpp"
#include "model/json.hpp"
#include "python/remedy.hpp"
#include "source/playbook.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "system/debian/contents.hpp"
#include "system/files/digest.hpp"
#include "system/process/environment.hpp"
#include "system/process/toolchains.hpp"

namespace dba::steps {

namespace {

Environment prepare_environment(const Manifest& manifest, const fs::path& scratch,
                                const fs::path& copy) {
    auto environment = clean_environment(scratch, manifest.source_date_epoch);
    pass_toolchains(environment);
    keep_git_inside(environment, copy);
    for (const auto& item : manifest.prepare.environment) {
        const auto equals = item.find('=');
        environment[item.substr(0, equals)] =
            equals == std::string::npos ? "" : item.substr(equals + 1);
    }
    return environment;
}

// A command that runs the application, as collectstatic does, needs what is only installed later.
bool lacks_a_module(const std::vector<std::string>& command, const Error& error) {
    return fs::path(command.front()).filename().string().starts_with("python") &&
           error.cause.find("ModuleNotFoundError: No module named") != std::string::npos;
}

// The commands from the first one on that needs the application's libraries are returned: they run
// after the installation.
Result<Commands> run_commands(const Manifest& manifest, const fs::path& copy,
                              const fs::path& directory, System& system) {
    const auto& commands = manifest.prepare.commands;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const auto& command = commands[i];
        TRY_ASSIGN(const auto scratch, system.store.scratch("prepare"));
        const auto environment = prepare_environment(manifest, scratch, copy);
        system.log.step("fetch", "PREPARE " + redact_urls(quote_command(command)));
        auto ran = system.processes.check({command, environment, directory, {}});
        // The playbook comes after all commands, and before the wheel.
        if (!ran && manifest.prepare.playbook.empty() && lacks_a_module(command, ran.error())) {
            system.log.warning(
                "fetch",
                fmt::format("PREPARE {} needs a module that is not installed yet, so it, and "
                            "what comes after it, runs after the installation: say FINISH "
                            "COMMAND {}",
                            redact_urls(quote_command(command)),
                            redact_urls(quote_command(command))));
            return Commands(commands.begin() + static_cast<std::ptrdiff_t>(i), commands.end());
        }
        if (!ran) {
            auto error = ran.error();
            const bool absent = error.cause.starts_with("not found in PATH=");
            const auto package =
                package_remedy(absent ? command.front() + ": command not found" : error.cause,
                               manifest, apt_lists);
            error.subject = "PREPARE COMMAND " + redact_urls(quote_command(command));
            error.hint =
                "it ran in a copy of the source, with PATH, a fresh HOME, SOURCE_DATE_EPOCH and "
                "PREPARE_ENVIRONMENT only; " +
                package.value_or("name a program it needs in BUILD_DEPENDS");
            return Failure(error);
        }
    }
    return Commands();
}

Result<void> run_playbook(const Manifest& manifest, const fs::path& copy, const fs::path& directory,
                          System& system) {
    if (manifest.prepare.playbook.empty()) return {};
    const std::string subject = "PREPARE_PLAYBOOK " + manifest.prepare.playbook;
    TRY_ASSIGN(const auto scratch, system.store.scratch("prepare"));
    PlayOrder order;
    order.playbook = manifest.prepare.playbook;
    const nlohmann::json vars{{"deb_venv_source", directory.string()},
                              {"deb_venv_package", manifest.name},
                              {"deb_venv_version", manifest.version},
                              {"deb_venv_prefix", manifest.prefix},
                              {"deb_venv_source_date_epoch", manifest.source_date_epoch}};
    order.vars = vars.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    order.scratch = scratch;
    order.directory = directory;
    order.environment = prepare_environment(manifest, scratch, copy);
    system.log.step("fetch", subject);
    const auto played = play(order, system.processes);
    if (!played) {
        auto error = played.error();
        if (error.code == ExitCode::bad_input) error.subject = subject;
        return Failure(error);
    }
    if (played->status == "ok") return {};
    return bad_input(
        subject, redact_urls(failure_of(*played)),
        "it ran on a copy of the source, deb_venv_source, in the environment of PREPARE "
        "commands; name a program it needs in BUILD_DEPENDS");
}

}  // namespace

Result<void> add_prepare_inputs(const Manifest& manifest, Receipt& receipt) {
    if (!manifest.prepare.playbook.empty()) {
        TRY_ASSIGN(const auto playbook,
                   playbook_files(
                       "PREPARE_PLAYBOOK", manifest.prepare.playbook,
                       manifest.declared.start_of(manifest.prepare.playbook, manifest.directory)));
        receipt.add("playbook", playbook.name + " " + playbook.digest);
        receipt.add("manifest.name", manifest.name);
        receipt.add("manifest.version", manifest.version);
        receipt.add("manifest.prefix", manifest.prefix);
    }
    if (manifest.prepare.commands.empty() && manifest.prepare.playbook.empty()) return {};
    receipt.add("prepare", manifest.prepare.commands);
    receipt.add("prepare_environment", manifest.prepare.environment);
    receipt.add("source_date_epoch", manifest.source_date_epoch);
    for (const auto& file : manifest.build_inputs) {
        TRY_ASSIGN(std::string digest, sha256_file(file));
        receipt.add("build_input." + file, std::move(digest));
    }
    return {};
}

Result<Commands> prepare(const Manifest& manifest, const fs::path& copy, const fs::path& directory,
                         System& system) {
    TRY_ASSIGN(auto deferred, run_commands(manifest, copy, directory, system));
    TRY(run_playbook(manifest, copy, directory, system));
    return deferred;
}

}  // namespace dba::steps
