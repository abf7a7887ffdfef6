#include "python/venv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/text/pattern.hpp"
#include "python/compile.hpp"
#include "system/files/digest.hpp"

namespace dba {
namespace {

Result<void> link_if_there(const fs::path& target, const fs::path& link) {
    std::error_code error;
    if (!fs::exists(target, error) || fs::exists(link, error)) return {};
    TRY(make_directories(link.parent_path()));
    fs::create_directory_symlink(target, link, error);
    if (error) return system_error(link.string(), "cannot be made: " + error.message());
    return {};
}

// python3.X-dev, where it is installed: sysconfig looks for both beside the interpreter.
Result<void> link_headers(const Venv& venv, const Manifest& manifest) {
    const std::string name = "python" + manifest.python.version;
    const fs::path origin =
        fs::path(manifest.python_root()) /
        fs::path(manifest.python.executable).relative_path().parent_path().parent_path();
    TRY(link_if_there(origin / "include" / name, venv.prefix / "python/include" / name));
    std::error_code error;
    for (fs::directory_iterator item(origin / "lib" / name, error), end; !error && item != end;
         item.increment(error)) {
        const std::string entry = item->path().filename().string();
        if (entry.starts_with("config-" + manifest.python.version))
            TRY(link_if_there(item->path(), venv.prefix / "python/lib" / name / entry));
    }
    return {};
}

// PYTHON SYSTEM with a target root elsewhere: bin/python3 leads to /usr/bin on the target, which
// here is the build host's.
Result<void> lead_into_root(const Venv& venv, const Manifest& manifest) {
    const fs::path executable =
        fs::path(manifest.target.root) / fs::path(manifest.python.executable).relative_path();
    for (const auto& name :
         {std::string("python"), std::string("python3"), "python" + manifest.python.version}) {
        const fs::path link = venv.prefix / "bin" / name;
        TRY(remove_tree(link));
        std::error_code error;
        fs::create_symlink(executable, link, error);
        if (error) return system_error(link.string(), "cannot be made: " + error.message());
    }
    const fs::path settings = venv.prefix / "pyvenv.cfg";
    TRY(remove_tree(settings));  // a hard link to the layer's: never written through
    return write_file(settings, fmt::format("home = {}\ninclude-system-site-packages = false\n",
                                            executable.parent_path().string()));
}

// uv: "Hash mismatch for `flask==3.1.3`" with "Expected:" and "Computed:" lists; pip: "DO NOT MATCH
// THE HASHES", "    flask==3.1.3 from URL:" with "Expected sha256 X" and "Got        Y".
std::optional<Error> hash_mismatch(const std::string& text) {
    const bool of_uv = text.find("Hash mismatch for") != std::string::npos;
    if (!of_uv && text.find("DO NOT MATCH THE HASHES") == std::string::npos) return {};
    const std::string name =
        of_uv ? text::first_group(text, "Hash mismatch for `([^`]*)`")
              : text::first_group(text, "\n +([A-Za-z0-9][^ \n]*) from [^\n]*:[ \n]");
    const std::string expected = text::first_group(
        text, of_uv ? "Expected:[ \n]+sha256:([0-9a-f]{64})" : "Expected sha256 ([0-9a-f]{64})");
    const std::string got = text::first_group(
        text, of_uv ? "Computed:[ \n]+sha256:([0-9a-f]{64})" : "Got +([0-9a-f]{64})");
    return Error{ExitCode::bad_input,
                 {},
                 name.empty() ? "lock" : name,
                 fmt::format("the file that was offered is not the one in the lock: expected "
                             "sha256 {}, got {}",
                             expected, got),
                 "the index or wheelhouse changed it, or someone on the way did; only if you trust "
                 "the new file, lock again"};
}

// uv: "Failed to extract archive: NAME.whl"; pip: "Wheel 'NAME' located at PATH is invalid."
std::optional<Error> damaged_file(const std::string& text) {
    std::string file = text::first_group(text, "Failed to extract archive: ([^\n]+)");
    if (file.empty())
        file = text::first_group(text, "Wheel '[^'\n]*' located at ([^\n]+) is invalid");
    if (file.empty()) return {};
    return Error{ExitCode::bad_input,
                 {},
                 fs::path(file).filename().string(),
                 "is truncated or damaged: it cannot be unpacked",
                 "get the file again, and lock again if the lock has the hash of the damaged one"};
}

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

// For CFLAGS, which those who split it read as a shell does.
std::string prefix_map(const fs::path& directory) {
    return quote_command({fmt::format("-ffile-prefix-map={}=.", directory.string())});
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

}  // namespace

Venv venv_in(const fs::path& root, const Manifest& manifest) {
    Venv venv;
    venv.root = root;
    venv.prefix = root / fs::path(manifest.prefix).relative_path();
    venv.python = venv.prefix / "bin/python3";
    venv.site_packages =
        venv.prefix / "lib" / ("python" + manifest.python.version) / "site-packages";
    return venv;
}

Result<Venv> stage_venv(const Manifest& manifest, const Layer& interpreter, const fs::path& root) {
    const Venv venv = venv_in(root, manifest);
    TRY(link_tree(interpreter.tree(), root));
    if (manifest.python.bundled) {
        TRY(link_headers(venv, manifest));
    } else if (manifest.target.root != "/") {
        TRY(lead_into_root(venv, manifest));
    }
    return venv;
}

Result<Completed> run_python(const fs::path& python, std::vector<std::string> arguments,
                             const std::string& input, const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("python"));
    Command command;
    command.argv = {python.string()};
    command.argv.insert(command.argv.end(), std::make_move_iterator(arguments.begin()),
                        std::make_move_iterator(arguments.end()));
    command.environment = clean_environment(scratch, manifest.source_date_epoch);
    command.input = input;
    return system.processes.run(command);
}

Result<std::vector<std::string>> pip_command(const Venv& venv, const Manifest& manifest,
                                             System& system) {
    const fs::path root = manifest.target.root;
    const std::string library = "usr/lib/python" + manifest.python.version;
    std::vector<fs::path> wheels;
    for (const fs::path& directory :
         {root / "usr/share/python-wheels", root / library / "ensurepip/_bundled"}) {
        std::error_code error;
        for (fs::directory_iterator item(directory, error), end; !error && item != end;
             item.increment(error)) {
            const std::string name = item->path().filename().string();
            if (name.starts_with("pip-") && name.ends_with(".whl")) wheels.push_back(item->path());
        }
    }
    if (!wheels.empty()) {
        const auto newest = std::max_element(wheels.begin(), wheels.end());
        TRY_ASSIGN(const fs::path pip, unpacked_pip(*newest, venv, manifest, system));
        return std::vector<std::string>{venv.python.string(), (pip / "pip").string()};
    }
    std::error_code error;
    if (fs::exists(root / "usr/lib/python3/dist-packages/pip", error))
        return std::vector<std::string>{(root / "usr/bin/python3").string(), "-m", "pip",
                                        "--python", venv.python.string()};
    return bad_input("INSTALLER pip", "there is no pip for " + manifest.python.executable,
                     "run: apt-get install python3-pip-whl");
}

std::vector<std::string> index_arguments(const Manifest& manifest) {
    if (manifest.wheelhouse.empty()) return {};
    return {"--no-index", "--find-links", manifest.wheelhouse};
}

void add_index_settings(Environment& environment, const Manifest& manifest) {
    if (!manifest.wheelhouse.empty()) return;
    const bool uv = manifest.installer.kind == InstallerKind::uv;
    if (!manifest.index_url.empty())
        environment[uv ? "UV_DEFAULT_INDEX" : "PIP_INDEX_URL"] = manifest.index_url;
    if (!manifest.extra_index_urls.empty())
        environment[uv ? "UV_INDEX" : "PIP_EXTRA_INDEX_URL"] =
            fmt::format("{}", fmt::join(manifest.extra_index_urls, " "));
}

Environment installer_environment(const fs::path& scratch, const Manifest& manifest,
                                  bool from_index) {
    Environment environment = clean_environment(scratch, manifest.source_date_epoch);
    // Compilers of source distributions: debug information would name the directory they ran in,
    // and nobody can use it on the target, where that directory is not.
    environment["CFLAGS"] = environment["CXXFLAGS"] = "-g0 " + prefix_map(scratch);
    if (from_index) {
        pass_connection_settings(environment);
        add_index_settings(environment, manifest);
    }
    const std::string cache =
        environment.try_emplace("UV_CACHE_DIR", (scratch / "uv-cache").string()).first->second;
    // uv unpacks and builds source distributions in its cache.
    for (const char* flags : {"CFLAGS", "CXXFLAGS"}) environment[flags] += " " + prefix_map(cache);
    environment["UV_PYTHON_DOWNLOADS"] = "never";
    environment["UV_NO_PROGRESS"] = "1";
    environment["NO_COLOR"] = "1";
    environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1";
    environment["PIP_NO_INPUT"] = "1";
    environment["PIP_ROOT_USER_ACTION"] = "ignore";
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
    if (auto mismatch = hash_mismatch(text)) return *mismatch;
    if (auto damaged = damaged_file(text)) return *damaged;
    const bool connection = is_connection_failure(text);
    Error error;
    error.code = connection ? ExitCode::system : ExitCode::bad_input;
    error.subject = subject;
    error.cause = fmt::format("{} failed; {} says:\n{}", what, word_of(manifest.installer.kind),
                              last_lines(text, 12));
    if (!manifest.wheelhouse.empty())
        error.hint = "only WHEELHOUSE is asked: put what is missing into " + manifest.wheelhouse;
    else if (connection)
        error.hint = "check the network, or build from a WHEELHOUSE";
    return error;
}

Result<Completed> run_connecting(const Command& command, const Manifest& manifest, bool cache_first,
                                 System& system) {
    const bool cache = manifest.installer.kind == InstallerKind::uv && manifest.wheelhouse.empty();
    Command offline = command;
    offline.environment["UV_OFFLINE"] = "1";
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

Result<void> run_install(const Venv& venv, const Installation& installation,
                         const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("installer"));
    Command command;
    const bool uv = manifest.installer.kind == InstallerKind::uv;
    if (uv) {
        // --link-mode copy: a hard link into uv's cache would be edited in place one day.
        command.argv = {manifest.installer.path, "pip",         "install", "--python",
                        venv.python.string(),    "--link-mode", "copy"};
        if (installation.pins.empty()) {
            command.argv.emplace_back("--no-config");
        } else {
            TRY_ASSIGN(const fs::path settings, write_build_key(scratch, installation, manifest));
            command.argv.insert(command.argv.end(), {"--config-file", settings.string()});
        }
    } else {
        TRY_ASSIGN(command.argv, pip_command(venv, manifest, system));
        // --use-pep517: without it old pips run `setup.py install`, which leaves no RECORD.
        for (const char* word : {"install", "--no-compile", "--no-warn-script-location",
                                 "--use-pep517", "--ignore-installed", "--progress-bar", "off"})
            command.argv.emplace_back(word);
    }
    if (installation.from_index) {
        for (auto& word : index_arguments(manifest)) command.argv.push_back(std::move(word));
    } else {
        command.argv.emplace_back("--no-index");
    }
    command.argv.insert(command.argv.end(), manifest.installer.args.begin(),
                        manifest.installer.args.end());
    command.argv.insert(command.argv.end(), installation.arguments.begin(),
                        installation.arguments.end());
    command.environment = installer_environment(scratch, manifest, installation.from_index);
    TRY_ASSIGN(const Completed run,
               run_connecting(command, manifest, !installation.pins.empty(), system));
    if (run.status == 0) return {};
    Error error = installer_error(run, "install", "installing", manifest);
    if (error.code == ExitCode::system && !installation.pins.empty())
        error.hint = fmt::format(
            "check the network, or build from a WHEELHOUSE with what uv's cache lacks of: {}",
            fmt::join(installation.pins, ", "));
    return Failure(std::move(error));
}

}  // namespace dba
