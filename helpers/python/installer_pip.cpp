#include "python/installer_pip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "formats/debian/version.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "python/compile.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/process/variables.hpp"

namespace dba {
namespace {

// pip runs from its wheel, but takes a second to start from there.
Result<fs::path> unpacked_pip(const fs::path& wheel, const Venv& venv, const Manifest& manifest,
                              System& system) {
    TRY_ASSIGN(const std::string digest, sha256_file(wheel));
    Receipt receipt{"pip"};
    receipt.add("wheel", digest).add("python", manifest.python.full_version);
    return system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
        TRY_ASSIGN(const Completed ran,
                   run_python(venv.python, {"-m", "zipfile", "-e", wheel.string(), fresh.string()},
                              "", manifest, system));
        if (ran.status != 0)
            return system_error(wheel.string(), "cannot be unpacked: " + last_lines(ran.err, 1));
        return compile_modules(venv.python, fresh, {"/pip"}, manifest, system);
    });
}

// "23.0.1" of "pip-23.0.1-py3-none-any.whl" and "pip-23.0.1.dist-info".
std::string version_of_pip(const fs::path& path) {
    return text::first_group(path.filename().string(), "^pip-([0-9][0-9.]*)[-.][a-z]");
}

// Python 3.12 took away what older ones import (pkgutil.ImpImporter).
bool runs_on(const std::string& pip, const Manifest& manifest) {
    return text::leading_number(std::string_view(manifest.python.version).substr(2)) < 12 ||
           compare_debian_versions(pip, "23.1.2") >= 0;
}

// The words that start pip for `venv`: the newest wheel of the target's and of the interpreter's
// own ensurepip, or the host's pip told to work for that Python. bad_input when there is none that
// runs.
Result<std::vector<std::string>> pip_command(const Venv& venv, const Manifest& manifest,
                                             System& system) {
    const fs::path root = manifest.target.root;
    const std::string bundled = "lib/python" + manifest.python.version + "/ensurepip/_bundled";
    const fs::path own =
        fs::path(manifest.python_root()) /
        fs::path(manifest.python.executable).parent_path().parent_path().relative_path();
    fs::path newest;
    std::string version, too_old;
    const auto offer = [&](const fs::path& path) {
        const std::string offered = version_of_pip(path);
        if (offered.empty()) return false;
        if (!runs_on(offered, manifest)) too_old = offered;
        return runs_on(offered, manifest);
    };
    for (const fs::path& directory :
         {root / "usr/share/python-wheels", root / "usr" / bundled, own / bundled})
        for (const fs::path& path : paths_in(directory))
            if (path.extension() == ".whl" && offer(path) &&
                (version.empty() || compare_debian_versions(version, version_of_pip(path)) < 0)) {
                newest = path;
                version = version_of_pip(path);
            }
    if (!newest.empty()) {
        TRY_ASSIGN(const fs::path pip, unpacked_pip(newest, venv, manifest, system));
        return std::vector<std::string>{venv.python.string(), (pip / "pip").string()};
    }
    const auto packages = paths_in(root / "usr/lib/python3/dist-packages");
    if (std::any_of(packages.begin(), packages.end(), [&](const fs::path& path) {
            return path.extension() == ".dist-info" && offer(path);
        }))
        return std::vector<std::string>{(root / "usr/bin/python3").string(), "-m", "pip",
                                        "--python", venv.python.string()};
    if (!too_old.empty())
        return bad_input("INSTALLER pip",
                         fmt::format("the pip that is there, {}, does not run on Python {}",
                                     too_old, manifest.python.version),
                         "say INSTALLER uv, or take a Python that has its own ensurepip");
    return bad_input("INSTALLER pip", "there is no pip for " + manifest.python.executable,
                     "run: apt-get install python3-pip-whl");
}

Result<std::vector<std::string>> pip_install(const Venv& venv, const Installation& /*installation*/,
                                             const Manifest& manifest, const fs::path& /*scratch*/,
                                             System& system) {
    TRY_ASSIGN(auto words, pip_command(venv, manifest, system));
    // --use-pep517: without it old pips run `setup.py install`, which leaves no RECORD.
    for (const char* word : {"install", "--no-compile", "--no-warn-script-location", "--use-pep517",
                             "--ignore-installed", "--progress-bar", "off"})
        words.emplace_back(word);
    return words;
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

Result<std::string> pip_resolve(const ResolveRequest& request, const Venv& venv,
                                const Manifest& manifest, const fs::path& scratch, System& system) {
    if (!request.overrides.empty())
        return bad_input(request.overrides.front().pin,
                         "is asked for by a source, not by the application, and INSTALLER is pip",
                         "name it in REQUIREMENTS as a wheel, or say INSTALLER uv");
    if (!request.archives.empty())
        return bad_input(request.archives.begin()->second,
                         "is asked for by a dependency, not by the application, and INSTALLER is "
                         "pip",
                         "name it in the project's dependencies, or say INSTALLER uv");
    const fs::path report = scratch / "report.json";
    Command command;
    TRY_ASSIGN(command.argv, pip_command(venv, manifest, system));
    for (const char* word : {"install", "--dry-run", "--ignore-installed", "--quiet",
                             "--use-pep517", "--progress-bar", "off", "--report"})
        command.argv.emplace_back(word);
    command.argv.push_back(report.string());
    for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    TRY_ASSIGN(const auto files, request_files(request, scratch));
    command.argv.emplace_back("-r");
    command.argv.insert(command.argv.end(), files.begin(), files.end());
    TRY(run_resolver(std::move(command), request, manifest, scratch, system));
    TRY_ASSIGN(const std::string text, read_file(report));
    return lock_of_report(hide_variables(text, request.options.variables), request.application);
}

Result<void> pip_options(std::vector<std::string>& words, const InstallerOptions& options,
                         bool resolving, const fs::path& /*scratch*/) {
    for (const auto& host : options.trusted_hosts)
        words.insert(words.end(), {"--trusted-host", host});
    if (options.pre && resolving) words.emplace_back("--pre");
    if (options.prefer_binary) words.emplace_back("--prefer-binary");
    return {};
}

void pip_settings(Environment& environment, const fs::path& /*scratch*/) {
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
    environment["PIP_NO_INPUT"] = "1";
    environment["PIP_ROOT_USER_ACTION"] = "ignore";
}

}  // namespace

// "DO NOT MATCH THE HASHES", "    flask==3.1.3 from URL:" with "Expected sha256 X" and
// "Got        Y"; "Wheel 'NAME' located at PATH is invalid."
const InstallerWays installer_pip = {
    .install = pip_install,
    .resolve = pip_resolve,
    .settings = pip_settings,
    .options = pip_options,
    .index_variable = "PIP_INDEX_URL",
    .extra_index_variable = "PIP_EXTRA_INDEX_URL",
    .offline_variable = nullptr,
    .complaints = {.mismatch = "DO NOT MATCH THE HASHES",
                   .name = "\n +([A-Za-z0-9][^ \n]*) from [^\n]*:[ \n]",
                   .expected = "Expected sha256 ([0-9a-f]{64})",
                   .got = "Got +([0-9a-f]{64})",
                   .damaged = "Wheel '[^'\n]*' located at ([^\n]+) is invalid"}};

}  // namespace dba
