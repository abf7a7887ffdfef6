#include "python/installer_uv.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <set>
#include <sstream>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "system/files/digest.hpp"

namespace dba {
namespace {

// Wheels that uv builds from source distributions stay in its cache, which other builds share.
// Build variables are a part of their address there: what was built at another time, by another
// Python or by hand is not taken.
Result<fs::path> write_build_key(const fs::path& scratch, const Installation& installation,
                                 const Manifest& manifest) {
    const std::string key =
        sha256_hex(fmt::format("{} {} {} {}", manifest.source_date_epoch, manifest.prefix,
                               manifest.target.state_digest, manifest.python.full_version));
    std::string settings = installation.options.uv_settings + "[extra-build-variables]\n";
    std::set<std::string> names;
    for (const auto& pin : installation.pins)
        names.insert(normalise_distribution(pin.substr(0, pin.find_first_of("=[ @"))));
    for (const auto& name : names)
        settings += fmt::format("\"{}\" = {{ DEB_BUILD_APP_BUILD = \"{}\" }}\n", name, key);
    const fs::path file = scratch / "uv.toml";
    TRY(write_file(file, settings));
    return file;
}

Result<std::vector<std::string>> uv_install(const Venv& venv, const Installation& installation,
                                            const Manifest& manifest, const fs::path& scratch,
                                            System& /*system*/) {
    // --link-mode copy: a hard link into uv's cache would be edited in place one day.
    std::vector<std::string> words = {manifest.installer.path, "pip",         "install", "--python",
                                      venv.python.string(),    "--link-mode", "copy"};
    if (installation.pins.empty() && installation.options.uv_settings.empty()) {
        words.emplace_back("--no-config");
    } else {
        TRY_ASSIGN(const fs::path settings, write_build_key(scratch, installation, manifest));
        words.insert(words.end(), {"--config-file", settings.string()});
    }
    return words;
}

// uv's only way to ask one index for a name: a project whose [tool.uv.sources] says so.
Result<fs::path> write_index_pins(const ResolveRequest& request, const fs::path& scratch) {
    toml::array dependencies, indexes;
    toml::table sources;
    std::set<std::string> written;
    for (const auto& [name, index] : request.index_of) {
        dependencies.push_back(name);
        sources.insert(name, toml::table{{"index", index.name}});
        if (written.insert(index.name).second)
            indexes.push_back(
                toml::table{{"name", index.name}, {"url", index.url}, {"explicit", true}});
    }
    const toml::table project{
        {"project",
         toml::table{
             {"name", "names-of-one-index"}, {"version", "0"}, {"dependencies", dependencies}}},
        {"tool", toml::table{{"uv", toml::table{{"sources", sources}, {"index", indexes}}}}}};
    const fs::path file = scratch / "pins/pyproject.toml";
    TRY(make_directories(file.parent_path()));
    std::ostringstream text;
    text << project << "\n";
    TRY(write_file(file, text.str()));
    return file;
}

Result<void> uv_options(std::vector<std::string>& words, const InstallerOptions& options,
                        bool resolving, const fs::path& scratch) {
    const auto add = [&](const char* name, const std::string& value) {
        words.emplace_back(name);
        words.push_back(value);
    };
    for (const auto& host : options.trusted_hosts) add("--allow-insecure-host", host);
    if (options.pre && resolving) add("--prerelease", "allow");
    for (const auto& setting : options.config_settings) add("--config-settings-package", setting);
    if (options.build_constraints.empty()) return {};
    const fs::path file = scratch / "build-constraints.txt";
    TRY(write_file(file, fmt::format("{}\n", fmt::join(options.build_constraints, "\n"))));
    add("--build-constraints", file.string());
    return {};
}

Result<std::string> uv_resolve(const ResolveRequest& request, const Venv& venv,
                               const Manifest& manifest, const fs::path& scratch, System& system) {
    TRY_ASSIGN(const auto files, request_files(request, scratch));
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
    if (!request.options.uv_settings.empty()) {
        const fs::path settings = scratch / "uv.toml";
        TRY(write_file(settings, request.options.uv_settings));
        command.argv[3] = "--config-file";
        command.argv.insert(command.argv.begin() + 4, settings.string());
    }
    std::string overrides = request.versions;
    for (const auto& source : request.overrides)
        overrides += fmt::format("{} @ {}\n", source.name, text::file_url(source.wheel.string()));
    for (const auto& [name, url] : request.archives)
        overrides += fmt::format("{} @ {}\n", name, url);
    if (!overrides.empty()) {
        const fs::path file = scratch / "overrides.txt";
        TRY(write_file(file, overrides));
        command.argv.insert(command.argv.end(), {"--overrides", file.string()});
    }
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.insert(command.argv.end(), files.begin(), files.end());
    if (!request.index_of.empty()) {
        TRY_ASSIGN(const fs::path project, write_index_pins(request, scratch));
        command.argv.push_back(project.string());
    }
    TRY_ASSIGN(const Completed run,
               run_resolver(std::move(command), request, manifest, scratch, system));
    return run.out;
}

void uv_settings(Environment& environment, const fs::path& scratch) {
    const std::string cache =
        environment.try_emplace("UV_CACHE_DIR", (scratch / "uv-cache").string()).first->second;
    // uv unpacks and builds source distributions in its cache.
    map_prefix(environment, cache, ".");
    environment["UV_PYTHON_DOWNLOADS"] = "never";
    environment["UV_NO_PROGRESS"] = "1";
}

}  // namespace

// "Hash mismatch for `flask==3.1.3`" with "Expected:" and "Computed:" lists; "Failed to extract
// archive: NAME.whl".
const InstallerWays installer_uv = {
    .install = uv_install,
    .resolve = uv_resolve,
    .settings = uv_settings,
    .options = uv_options,
    .index_variable = "UV_DEFAULT_INDEX",
    .extra_index_variable = "UV_INDEX",
    .offline_variable = "UV_OFFLINE",
    .complaints = {.mismatch = "Hash mismatch for",
                   .name = "Hash mismatch for `([^`]*)`",
                   .expected = "Expected:[ \n]+sha256:([0-9a-f]{64})",
                   .got = "Computed:[ \n]+sha256:([0-9a-f]{64})",
                   .damaged = "Failed to extract archive: ([^\n]+)"}};

}  // namespace dba
