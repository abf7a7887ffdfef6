#include "python/installer_uv.hpp"

#include <fmt/format.h>

#include <set>

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
    std::string settings = "[extra-build-variables]\n";
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
    if (installation.pins.empty()) {
        words.emplace_back("--no-config");
    } else {
        TRY_ASSIGN(const fs::path settings, write_build_key(scratch, installation, manifest));
        words.insert(words.end(), {"--config-file", settings.string()});
    }
    return words;
}

Result<std::string> uv_resolve(const ResolveRequest& request, const Venv& venv,
                               const Manifest& manifest, const fs::path& scratch, System& system) {
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
    if (!request.overrides.empty()) {
        std::string lines;
        for (const auto& source : request.overrides)
            lines += fmt::format("{} @ {}\n", source.name, text::file_url(source.wheel.string()));
        const fs::path overrides = scratch / "overrides.txt";
        TRY(write_file(overrides, lines));
        command.argv.insert(command.argv.end(), {"--overrides", overrides.string()});
    }
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    command.argv.push_back(input.string());
    for (const auto& file : request.files) command.argv.push_back(file.string());
    TRY_ASSIGN(const Completed run,
               run_resolver(std::move(command), request, manifest, scratch, system));
    return run.out;
}

void uv_settings(Environment& environment, const fs::path& scratch) {
    const std::string cache =
        environment.try_emplace("UV_CACHE_DIR", (scratch / "uv-cache").string()).first->second;
    // uv unpacks and builds source distributions in its cache.
    for (const char* flags : {"CFLAGS", "CXXFLAGS"}) environment[flags] += " " + prefix_map(cache);
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
    .index_variable = "UV_DEFAULT_INDEX",
    .extra_index_variable = "UV_INDEX",
    .offline_variable = "UV_OFFLINE",
    .complaints = {.mismatch = "Hash mismatch for",
                   .name = "Hash mismatch for `([^`]*)`",
                   .expected = "Expected:[ \n]+sha256:([0-9a-f]{64})",
                   .got = "Computed:[ \n]+sha256:([0-9a-f]{64})",
                   .damaged = "Failed to extract archive: ([^\n]+)"}};

}  // namespace dba
