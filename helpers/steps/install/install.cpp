#include "steps/install/install.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/directory_names.hpp"
#include "formats/text/text.hpp"
#include "python/installer.hpp"
#include "python/native_wheels.hpp"
#include "python/scripts.hpp"
#include "steps/install/folder_links.hpp"
#include "steps/install/split.hpp"
#include "steps/lock/locked.hpp"
#include "steps/lock/wheelhouse.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// An installation of that distribution alone.
using AloneOf = std::function<Result<Installation>(const InstalledDistribution&, const fs::path&)>;
using KeyOf = std::function<std::string(const InstalledDistribution&)>;
// What is done to an environment once the installer is through.
using Finish = std::function<Result<void>(const Venv&)>;

// Installs into a fresh environment and takes it apart. staged.json names what is in `fresh`.
Result<std::vector<InstalledDistribution>> install_layers(
    const Manifest& manifest, const Layer& interpreter, const std::vector<Installation>& runs,
    const fs::path& fresh, const KeyOf& key_of, System& system, const Finish& finish = {},
    const AloneOf& alone_of = {}) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("stage"));
    TRY_ASSIGN(const auto environment, stage_venv(manifest, interpreter, scratch));
    TRY_ASSIGN(const auto before, list_tree(environment.prefix, manifest.prefix, false));
    for (const auto& installation : runs)
        TRY(run_install(environment, installation, manifest, system));
    TRY(refuse_native_wheels(environment, manifest));
    if (finish) TRY(finish(environment));
    TRY_ASSIGN(const auto distributions, read_installed(environment, manifest, before));
    nlohmann::json staged = {{"staging", scratch.string()},
                             {"layers", nlohmann::json::array()},
                             {"keys", nlohmann::json::array()},
                             {"contested", nlohmann::json::object()}};
    for (const auto& distribution : distributions) {
        if (!distribution.mended.empty())
            system.log.warning("install",
                               fmt::format("{}/RECORD is wrong about itself ({}): put right",
                                           distribution.info, distribution.mended.front()));
        std::vector<std::string> won;
        for (const auto& [path, winner] : distribution.contested) {
            staged["contested"][path]["winner"] = winner;
            staged["contested"][path]["of"].push_back(distribution.name);
            if (winner == distribution.name) won.push_back(path);
        }
        if (!won.empty()) {
            TRY_ASSIGN(const Installation alone, alone_of(distribution, scratch / "alone.txt"));
            TRY(bring_files(won, alone, environment, interpreter, manifest, system));
        }
    }
    for (const auto& distribution : distributions) {
        const std::string directory = distribution.info.substr(0, distribution.info.rfind('.'));
        TRY(take_layer(environment, distribution, fresh / directory));
        staged["layers"].push_back(directory);
        staged["keys"].push_back(key_of(distribution));
    }
    TRY(write_file(fresh / "staged.json", staged.dump(2) + "\n"));
    TRY(remove_tree(scratch));
    return distributions;
}

// What was decided when these layers were made is decided so still.
Result<StagedLayers> load_staged(const fs::path& directory, const Manifest& manifest) {
    TRY_ASSIGN(const std::string text, read_file(directory / "staged.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return system_error((directory / "staged.json").string(), "is damaged",
                            "remove the work directory");
    StagedLayers staged;
    staged.staging = json.value("staging", std::string());
    staged.keys = json.value("keys", std::vector<std::string>());
    const nlohmann::json contested = json.value("contested", nlohmann::json::object());
    for (const auto& [path, contest] : contested.items()) {
        const auto of = contest.at("of").get<std::vector<std::string>>();
        // EXCLUDE enters no receipt of this step: it may be gone.
        TRY_ASSIGN(auto decided, whose_file(path, of.front(), of.back(), manifest));
        decided.winner = contest.at("winner").get<std::string>();
        staged.contested.push_back(std::move(decided));
    }
    for (const auto& name : json.value("layers", std::vector<std::string>())) {
        TRY_ASSIGN(auto layer, load_layer(directory / name));
        staged.layers.push_back(std::move(layer));
    }
    return staged;
}

// What every installed layer is made from, whatever the distribution.
Receipt common_receipt(const Manifest& manifest, const Layer& interpreter) {
    Receipt receipt{"install", 2};
    add_installer(receipt, manifest);
    receipt.add("interpreter", interpreter)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.target.architecture", manifest.target.architecture);
    // Where it was installed is in it, which relocate takes out again, but for what a waiver keeps.
    if (manifest.leak_waivers.empty()) receipt.share(Sharing::machine);
    return receipt;
}

std::string pin_of(const LockedRequirement& requirement) {
    return requirement.url.empty() ? requirement.name + "==" + requirement.version
                                   : requirement.name;
}

Result<StagedLayers> install_third_party(const Manifest& manifest, const InstallInputs& inputs,
                                         System& system) {
    Receipt common = common_receipt(manifest, inputs.interpreter);
    if (const auto built = inputs.lock.options.build_inputs(); !built.empty())
        common.add("options", built);
    Receipt receipt = common;
    receipt.add("lock", inputs.lock.digest);
    if (!manifest.files_of.empty()) {
        std::vector<std::vector<std::string>> decisions;
        for (const FilesOf& one : manifest.files_of)
            decisions.push_back({one.distribution, one.glob});
        receipt.add("manifest.files_of", decisions);
    }
    TRY_ASSIGN(const std::string lock_text, read_file(inputs.lock.file));
    TRY_ASSIGN(const auto locked, parse_lock(lock_text, inputs.lock.file.string()));
    std::map<std::string, std::string> pins;  // by normalised name
    for (const auto& requirement : locked)
        // A URL may be a path of this build; the hash says all that matters.
        pins[normalise_distribution(requirement.name)] +=
            fmt::format("{} {}\n", requirement.url.empty() ? requirement.text : requirement.name,
                        fmt::join(requirement.hashes, " "));
    const auto key_of = [&](const InstalledDistribution& distribution) {
        Receipt own = common;
        own.add("pin", pins[normalise_distribution(distribution.name)]);
        for (const auto& [path, winner] : distribution.contested) own.add(path, winner);
        return own.digest();
    };
    const auto alone_of = [&](const InstalledDistribution& distribution,
                              const fs::path& file) -> Result<Installation> {
        std::string line;
        Installation alone{.arguments = {"--require-hashes", "--no-deps", "-r", file.string()},
                           .options = inputs.lock.options};
        for (const auto& one : locked) {
            if (normalise_distribution(one.name) != normalise_distribution(distribution.name))
                continue;
            line = one.text;
            for (const auto& hash : one.hashes) line += " --hash=" + hash;
            alone.index = one.index;
            alone.pins = {pin_of(one)};
        }
        TRY(write_file(file, line + "\n"));
        return alone;
    };
    TRY_ASSIGN(
        const fs::path directory,
        system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            if (inputs.lock.empty)
                return write_file(fresh / "staged.json",
                                  R"({"staging": "", "layers": [], "keys": []})");
            system.log.step("install", fmt::format("installing {} distributions", locked.size()));
            TRY(check_wheelhouse(locked, local_find_links(inputs.lock.options), manifest,
                                 inputs.interpreter, system));
            std::vector<std::string> needed;
            for (const auto& requirement : locked) needed.push_back(pin_of(requirement));
            std::vector<Installation> installations;
            auto parts = inputs.lock.parts;
            if (parts.empty()) parts.push_back({inputs.lock.file, ""});
            installations.reserve(parts.size());
            for (const auto& part : parts)
                installations.push_back(
                    {.arguments = {"--require-hashes", "--no-deps", "-r", part.file.string()},
                     .pins = needed,
                     .options = inputs.lock.options,
                     .index = part.index});
            TRY(install_layers(manifest, inputs.interpreter, installations, fresh, key_of, system,
                               {}, alone_of));
            return {};
        }));
    return load_staged(directory, manifest);
}

std::string described(const std::vector<InstalledDistribution>& distributions) {
    std::vector<std::string> names;
    names.reserve(distributions.size());
    for (const auto& item : distributions) names.push_back(item.name + " " + item.version);
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

std::string canonical_version(const std::string& version) {
    auto canonical = normalise_pep440(version);
    return canonical ? *canonical : version;
}

// The application must be what the project says it is, and be there.
Result<void> check_application(const Manifest& manifest,
                               const std::vector<InstalledDistribution>& found) {
    const Project& project = manifest.project;
    const bool is_it = found.size() == 1 &&
                       (project.name.empty() || normalise_distribution(found.front().name) ==
                                                    normalise_distribution(project.name)) &&
                       (project.version.empty() || canonical_version(found.front().version) ==
                                                       canonical_version(project.version));
    if (!is_it)
        return bad_input(fmt::format("{} {}", project.name, project.version),
                         fmt::format("is not what its build installed; site-packages holds {}",
                                     described(found)),
                         "the project's build gives itself another name or version than its "
                         "pyproject.toml, setup.cfg or setup.py says");
    return {};
}

// A project whose build finds no packages installs well, and starts nowhere.
Result<void> check_has_modules(const Layer& layer, const Manifest& manifest) {
    TRY_ASSIGN(const auto scripts, script_entry_points(layer));
    const bool only_metadata =
        std::all_of(layer.entries.begin(), layer.entries.end(), [&](const LayerEntry& entry) {
            const std::string name = text::file_name(entry.path);
            return entry.kind == EntryKind::directory ||
                   entry.path.find(".dist-info/") != std::string::npos ||
                   (entry.path == manifest.prefix + "/bin/" + name && scripts.contains(name));
        });
    if (only_metadata)
        return bad_input(
            layer.name,
            "installs no module of its own: its wheel holds metadata and entry points alone",
            "tell its build backend which packages belong to it (setuptools: [tool.setuptools] "
            "packages or py-modules); or, where the folder itself is the application, say LAYOUT "
            "folder");
    return {};
}

Result<StagedLayers> install_application(const Manifest& manifest, const InstallInputs& inputs,
                                         const std::vector<Layer>& third_party, System& system) {
    Receipt receipt = common_receipt(manifest, inputs.interpreter);
    receipt.add("wheel", inputs.wheel.digest)
        .add("manifest.project.name", manifest.project.name)
        .add("manifest.project.version", manifest.project.version);
    std::set<std::string> shared;
    Finish finish;
    if (manifest.project.is_folder()) {
        TRY_ASSIGN(shared, shared_names(inputs.wheel.dist_info / "RECORD", manifest, third_party));
        receipt.add("without links", std::vector(shared.begin(), shared.end()));
        finish = [&](const Venv& venv) { return link_folder(venv, manifest, shared); };
    }
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   system.log.step("install", "installing the application");
                   // Without what it depends on: those are layers of their own, and a change of
                   // them must not make this one anew. Clashes are found when layers are stacked.
                   const Installation installation{
                       .arguments = {"--no-deps", inputs.wheel.file.string()}, .from_index = false};
                   TRY_ASSIGN(const auto found,
                              install_layers(
                                  manifest, inputs.interpreter, {installation}, fresh,
                                  [&](const auto&) { return receipt.digest(); }, system, finish));
                   TRY(check_application(manifest, found));
                   TRY_ASSIGN(const auto staged, load_staged(fresh, manifest));
                   return check_has_modules(staged.layers.front(), manifest);
               }));
    return load_staged(directory, manifest);
}

// Two files as they will be on the target: each was installed in a directory of its own.
Result<bool> same_contents(const fs::path& a, const std::string& staging_a, const fs::path& b,
                           const std::string& staging_b) {
    TRY_ASSIGN(const std::string bytes_a, read_file(a));
    TRY_ASSIGN(const std::string bytes_b, read_file(b));
    return DirectoryNames({staging_a}).without(bytes_a) ==
           DirectoryNames({staging_b}).without(bytes_b);
}

// The distribution of "flask 3.1.3".
std::string distribution_of(const Layer& layer) {
    return layer.name.substr(0, layer.name.rfind(' '));
}

// Takes a path that another layer wins out of the i-th.
void lose(StagedLayers& staged, std::size_t i, const std::string& path) {
    std::erase_if(staged.layers[i].entries,
                  [&](const LayerEntry& entry) { return entry.path == path; });
    Receipt without{"install-without"};
    staged.keys[i] = without.add("key", staged.keys[i]).add("path", path).digest();
}

// The application is installed apart from the rest, so an overlap shows only here.
Result<void> settle_overlap(const Manifest& manifest, StagedLayers& third_party,
                            StagedLayers& application) {
    std::map<std::string, const LayerEntry*> mine;
    std::vector<std::string> lost;                                 // by the application
    std::vector<std::pair<std::size_t, std::string>> lost_to_own;  // by which third party
    const Layer& own = application.layers.front();
    for (const auto& entry : own.entries)
        if (entry.kind != EntryKind::directory) mine[entry.path] = &entry;
    for (std::size_t i = 0; i < third_party.layers.size(); ++i) {
        const Layer& layer = third_party.layers[i];
        for (const auto& entry : layer.entries) {
            const auto same = mine.find(entry.path);
            if (entry.kind == EntryKind::directory || same == mine.end()) continue;
            if (entry.kind == EntryKind::file && same->second->kind == EntryKind::file) {
                TRY_ASSIGN(const bool shared,
                           same_contents(layer.file(entry), third_party.staging,
                                         own.file(*same->second), application.staging));
                if (shared) continue;
            }
            TRY_ASSIGN(auto contest, whose_file(entry.path, distribution_of(layer),
                                                distribution_of(own), manifest));
            if (contest.winner == distribution_of(layer)) lost.push_back(entry.path);
            if (contest.winner == distribution_of(own)) lost_to_own.emplace_back(i, entry.path);
            third_party.contested.push_back(std::move(contest));
        }
    }
    for (const std::string& path : lost) lose(application, 0, path);
    for (const auto& [i, path] : lost_to_own) lose(third_party, i, path);
    return {};
}

}  // namespace

Result<Installed> install(const Manifest& manifest, const InstallInputs& inputs, System& system) {
    Installed installed;
    TRY_ASSIGN(installed.third_party, install_third_party(manifest, inputs, system));
    TRY_ASSIGN(installed.application,
               install_application(manifest, inputs, installed.third_party.layers, system));
    TRY(settle_overlap(manifest, installed.third_party, installed.application));
    for (const std::string& idle : idle_decisions(manifest, installed.third_party.contested))
        system.log.warning(
            "install", fmt::format("{}: no two distributions have different files there", idle));
    return installed;
}

}  // namespace dba::steps
