#include "steps/fetch/fetch.hpp"

#include <fmt/format.h>

#include "ansible/play.hpp"
#include "model/json.hpp"
#include "source/application_files.hpp"
#include "source/playbook.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

namespace {

Environment prepare_environment(const Manifest& manifest, const fs::path& scratch) {
    auto environment = clean_environment(scratch, manifest.source_date_epoch);
    for (const auto& item : manifest.prepare.environment) {
        const auto equals = item.find('=');
        environment[item.substr(0, equals)] =
            equals == std::string::npos ? "" : item.substr(equals + 1);
    }
    return environment;
}

Result<void> run_prepare(const Manifest& manifest, const fs::path& directory, System& system) {
    for (const auto& command : manifest.prepare.commands) {
        TRY_ASSIGN(const auto scratch, system.store.scratch("prepare"));
        const auto environment = prepare_environment(manifest, scratch);
        system.log.step("fetch", "PREPARE " + redact_urls(quote_command(command)));
        auto ran = system.processes.check({command, environment, directory, {}});
        if (!ran) {
            auto error = ran.error();
            error.subject = "PREPARE COMMAND " + redact_urls(quote_command(command));
            error.hint =
                "it ran in a copy of the source, with PATH, a fresh HOME, SOURCE_DATE_EPOCH and "
                "PREPARE_ENVIRONMENT only; name a program it needs in BUILD_DEPENDS";
            return Failure(error);
        }
    }
    return {};
}

Result<void> run_playbook(const Manifest& manifest, const fs::path& directory, System& system) {
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
    order.environment = prepare_environment(manifest, scratch);
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

Result<FetchedSource> fetch(const Manifest& manifest, const FetchInputs& inputs, System& system) {
    const auto& source = manifest.source;
    const auto keep = [&](const fs::path& relative) {
        return is_application_file(source.directory, relative);
    };
    Receipt receipt{"fetch"};
    if (source.is_git()) {
        receipt.add("commit", source.commit)
            .add("subdir", source.subdir)
            .add("submodules", source.submodules);
    } else {
        TRY_ASSIGN(const auto entries, list_tree(source.directory, "", true, keep));
        receipt.add("tree", digest_of(entries));
    }
    if (!manifest.prepare.playbook.empty()) {
        TRY_ASSIGN(
            const auto playbook,
            playbook_files("PREPARE_PLAYBOOK", manifest.prepare.playbook, manifest.directory));
        receipt.add("playbook", std::vector{playbook.name, playbook.digest})
            .add("manifest.name", manifest.name)
            .add("manifest.version", manifest.version)
            .add("manifest.prefix", manifest.prefix);
    }
    if (!manifest.prepare.commands.empty() || !manifest.prepare.playbook.empty()) {
        receipt.add("prepare", manifest.prepare.commands)
            .add("prepare_environment", manifest.prepare.environment)
            .add("source_date_epoch", manifest.source_date_epoch);
        for (const auto& file : manifest.build_inputs) {
            TRY_ASSIGN(const std::string digest, sha256_file(file));
            receipt.add("build_input." + file, digest);
        }
    }
    TRY_ASSIGN(
        const auto made, system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            const auto directory = fresh / "source";
            if (source.is_git()) {
                system.log.step("fetch", fmt::format("exporting {} at {}", source.repository,
                                                     source.commit.substr(0, 12)));
                TRY(system.git.export_tree(inputs.git_cache, source.repository, source.commit,
                                           source.subdir, source.submodules, directory));
            } else {
                system.log.step("fetch", "copying " + source.directory);
                TRY(copy_tree(source.directory, directory, keep));
            }
            TRY(run_prepare(manifest, directory, system));
            TRY(run_playbook(manifest, directory, system));
            TRY_ASSIGN(const auto entries, list_tree(directory, "", true));
            return write_file(fresh / "digest", digest_of(entries));
        }));
    FetchedSource fetched;
    fetched.directory = made / "source";
    TRY_ASSIGN(fetched.digest, read_file(made / "digest"));
    return fetched;
}

}  // namespace dba::steps
