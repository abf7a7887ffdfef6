#include "steps/finish/finish.hpp"

#include <fmt/format.h>

#include <map>

#include "python/compile.hpp"
#include "python/venv.hpp"
#include "steps/finish/written.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"
#include "system/process/namespace.hpp"
#include "system/process/toolchains.hpp"

namespace dba::steps {
namespace {

using Commands = std::vector<std::vector<std::string>>;

// Where everything is while the commands run.
struct Place {
    fs::path scratch;
    fs::path root;                    // the layers, laid over each other
    fs::path copy;                    // of the source
    std::string directory;            // where the commands start
    std::vector<std::string> native;  // paths below PREFIX that lead to this machine's Python
};

bool lies_in_app(const Manifest& manifest, const Layer& application) {
    for (const LayerEntry& entry : application.entries)
        if (entry.path.starts_with(manifest.prefix + "/app/")) return true;
    return false;
}

Result<Place> prepare_place(const Manifest& manifest, const FinishInputs& inputs, System& system) {
    Place place;
    TRY_ASSIGN(place.scratch, system.store.scratch("finish"));
    place.root = place.scratch / "root";
    // Copies: a command may write into a file, and what the store keeps is never edited.
    for (const Layer& layer : inputs.layers) TRY(copy_tree(layer.tree(), place.root));
    if (manifest.target.is_foreign() && manifest.python.bundled) {
        TRY_ASSIGN(place.native, lead_to_native(venv_in(place.root, manifest), manifest));
    }
    TRY_ASSIGN(place.copy, copy_source(inputs.source, place.scratch / "source"));
    place.directory = lies_in_app(manifest, inputs.layers.back()) ? manifest.prefix + "/app"
                                                                  : place.copy.string();
    return place;
}

Environment finish_environment(const Manifest& manifest, const Place& place) {
    Environment environment = clean_environment(place.scratch, manifest.source_date_epoch);
    pass_toolchains(environment);
    if (manifest.finish.network) pass_connection_settings(environment);
    for (const auto* settings :
         {&manifest.environment, &manifest.prepare.environment, &manifest.finish.environment})
        for (const std::string& item : *settings) {
            const std::size_t equals = item.find('=');
            environment[item.substr(0, equals)] =
                equals == std::string::npos ? "" : item.substr(equals + 1);
        }
    environment["PATH"] = manifest.prefix + "/bin:" + environment["PATH"];
    environment["VIRTUAL_ENV"] = manifest.prefix;
    return environment;
}

Result<void> run_commands(const Commands& commands, const Manifest& manifest, const Place& place,
                          System& system) {
    std::string reason;
    const Isolation isolation = find_isolation(reason);
    if (isolation == Isolation::none)
        return system_error("FINISH",
                            "needs a mount namespace, so that the package is at " +
                                manifest.prefix + ", and this machine makes none: " + reason,
                            "build as root, or allow user namespaces (sysctl "
                            "kernel.unprivileged_userns_clone=1)");
    View view = builder_view(place.root, manifest.prefix);
    view.writable = {{place.scratch, place.scratch.string()},
                     {place.root / manifest.prefix.substr(1), manifest.prefix}};
    view.keeps_user = true;
    view.with_network = manifest.finish.network;
    if (const fs::path resolver = "/run/systemd/resolve"; view.with_network)
        if (std::error_code error; fs::is_directory(resolver, error))
            view.writable.push_back({resolver, resolver.string()});
    const Environment environment = finish_environment(manifest, place);
    for (const auto& command : commands) {
        TRY_ASSIGN(const fs::path mount_point, system.store.scratch("view"));
        TRY_ASSIGN(const Namespace setup, Namespace::prepare(view, mount_point, isolation, 0));
        const std::string quoted = redact_urls(quote_command(command));
        system.log.step("finish", "FINISH " + quoted);
        auto argv = command;
        // The runner looks for programs on this machine, where PREFIX/bin is not.
        const fs::path own = fs::path(manifest.prefix) / "bin" / argv.front();
        if (std::error_code error; argv.front().find('/') == std::string::npos &&
                                   fs::exists(place.root / own.relative_path(), error))
            argv.front() = own.string();
        const auto ran = system.processes.check({.argv = argv,
                                                 .environment = environment,
                                                 .directory = place.directory,
                                                 .setup = &setup});
        if (ran) continue;
        Error error = ran.error();
        error.code = ExitCode::bad_input;
        error.subject = "FINISH COMMAND " + quoted;
        error.hint = fmt::format(
            "it ran with the package's Python at {}, {}, in {}, with ENVIRONMENT and "
            "FINISH_ENVIRONMENT",
            manifest.prefix,
            view.with_network ? "with the network"
                              : "without network (FINISH_NETWORK lets it connect)",
            place.directory == place.copy.string() ? "a copy of the source" : place.directory);
        if (manifest.target.is_foreign())
            error.hint += fmt::format(
                "; that Python is this machine's, which cannot load what is compiled for {}",
                manifest.target.architecture);
        return Failure(error);
    }
    return {};
}

// Where each new file goes, and where it lies now.
using Taken = std::map<std::string, fs::path>;

Result<void> take_from_prefix(const Manifest& manifest, const FinishInputs& inputs,
                              const Place& place, Taken& taken) {
    std::map<std::string, const Layer*> owners;
    std::vector<LayerEntry> before;
    for (const Layer& layer : inputs.layers)
        for (const LayerEntry& entry : layer.entries) {
            if (!entry.path.starts_with(manifest.prefix + "/")) continue;
            before.push_back(entry);
            owners[entry.path] = &layer;
        }
    TRY_ASSIGN(const auto after,
               list_tree(place.root / manifest.prefix.substr(1), manifest.prefix, true));
    const Changes changes = changes_between(before, after);
    for (const std::string& path : changes.removed)
        return bad_input(path, "was removed by FINISH, and belongs to " + owners.at(path)->name,
                         "EXCLUDE leaves a file out");
    for (const LayerEntry& entry : changes.written) {
        if (const auto owner = owners.find(entry.path); owner != owners.end())
            return bad_input(entry.path,
                             "was changed by FINISH, and belongs to " + owner->second->name,
                             "have FINISH write another file; or have the wheel built without this "
                             "one (PREPARE COMMAND rm)");
        taken[entry.path] = place.root / entry.path.substr(1);
    }
    return {};
}

Result<void> take_from_copy(const Manifest& manifest, const FinishInputs& inputs,
                            const Place& place, const std::vector<LayerEntry>& before, Taken& taken,
                            System& system) {
    TRY_ASSIGN(const auto after, list_tree(place.copy, "", true));
    const std::string site_packages =
        fmt::format("{}/lib/python{}/site-packages", manifest.prefix, manifest.python.version);
    const PackageRoots roots(before, inputs.layers.back(), site_packages);
    std::vector<std::string> elsewhere;
    for (const LayerEntry& entry : changes_between(before, after).written) {
        const std::string path = roots.installed_path(entry.path);
        if (path.empty()) {
            elsewhere.push_back(entry.path.substr(1));
            continue;
        }
        for (const Layer& layer : inputs.layers)
            for (const LayerEntry& there : layer.entries)
                if (there.path == path)
                    return bad_input(entry.path.substr(1),
                                     "was changed by FINISH after it was installed as " + path,
                                     "have PREPARE make it, before the wheel is built");
        taken[path] = place.copy / entry.path.substr(1);
    }
    if (!elsewhere.empty())
        system.log.warning(
            "finish", fmt::format("left out, as they lie in none of the application's packages: {}",
                                  fmt::join(elsewhere, ", ")));
    return {};
}

// The package's own Python is another machine's: the commands ran on this one's.
Result<void> lead_back(const Manifest& manifest, const FinishInputs& inputs, const Place& place) {
    for (const std::string& below : place.native) {
        const std::string path = manifest.prefix + below;
        TRY(remove_tree(place.root / path.substr(1)));
        for (const Layer& layer : inputs.layers)
            for (const LayerEntry& entry : layer.entries) {
                if (entry.path != path) continue;
                const fs::path file = place.root / path.substr(1);
                if (entry.kind == EntryKind::symlink)
                    TRY(make_symlink(entry.link_target, file));
                else
                    TRY(dba::copy_file(layer.file(entry), file));
            }
    }
    return {};
}

Result<void> make_layer(const Manifest& manifest, const FinishInputs& inputs,
                        const Commands& commands, const fs::path& fresh, System& system) {
    TRY_ASSIGN(const Place place, prepare_place(manifest, inputs, system));
    TRY_ASSIGN(const auto copy_before, list_tree(place.copy, "", true));
    TRY(run_commands(commands, manifest, place, system));
    TRY(lead_back(manifest, inputs, place));
    Taken taken;
    TRY(take_from_prefix(manifest, inputs, place, taken));
    TRY(take_from_copy(manifest, inputs, place, copy_before, taken, system));
    const fs::path tree = fresh / "tree";
    TRY(make_directories(tree));
    for (const auto& [path, file] : taken) {
        const fs::path to = tree / path.substr(1);
        TRY(make_directories(to.parent_path()));
        std::error_code error;
        if (fs::is_symlink(file, error)) {
            fs::copy_symlink(file, to, error);
            if (error) return system_error(path, "cannot be copied: " + error.message());
        } else {
            TRY(dba::copy_file(file, to));
            const bool runs =
                (fs::status(file, error).permissions() & fs::perms::owner_exec) != fs::perms::none;
            fs::permissions(to, static_cast<fs::perms>(runs ? 0755 : 0644), error);
            if (error) return system_error(path, "cannot be given its mode: " + error.message());
        }
    }
    TRY(compile_modules(python_for(inputs.layers.front().tree(), manifest), tree,
                        module_directories(manifest), manifest, system));
    TRY(remove_tree(place.scratch));
    system.log.step("finish", fmt::format("{} files", taken.size()));
    TRY_ASSIGN(const Layer sealed, seal_layer(fresh, "FINISH"));
    return {};
}

}  // namespace

Result<std::optional<Layer>> finish(const Manifest& manifest, const FinishInputs& inputs,
                                    System& system) {
    Commands commands = inputs.source.deferred;
    commands.insert(commands.end(), manifest.finish.commands.begin(),
                    manifest.finish.commands.end());
    if (commands.empty()) return std::nullopt;
    Receipt receipt{"finish"};
    receipt.add("commands", commands)
        .add("manifest.environment", manifest.environment)
        .add("manifest.prepare.environment", manifest.prepare.environment)
        .add("manifest.finish.environment", manifest.finish.environment)
        .add("manifest.finish.network", manifest.finish.network)
        .add("manifest.prefix", manifest.prefix)
        .add("source_date_epoch", manifest.source_date_epoch)
        .add("source", inputs.source.digest)
        .add("layers", inputs.layers);
    TRY_ASSIGN(const fs::path directory, system.store.obtain(receipt, [&](const fs::path& fresh) {
        return make_layer(manifest, inputs, commands, fresh, system);
    }));
    TRY_ASSIGN(Layer layer, load_layer(directory));
    if (layer.entries.empty()) return std::nullopt;
    return layer;
}

}  // namespace dba::steps
