#include "python/venv.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "system/files/resources.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba {
namespace {

Result<void> link_if_there(const fs::path& target, const fs::path& link) {
    if (!path_exists(target) || path_exists(link)) return {};
    TRY(make_directories(link.parent_path()));
    return make_symlink(target, link);
}

// python3.X-dev, where it is installed: sysconfig looks for both beside the interpreter.
Result<void> link_headers(const Venv& venv, const Manifest& manifest) {
    const std::string name = "python" + manifest.python.version;
    const fs::path origin =
        fs::path(manifest.python_root()) /
        fs::path(manifest.python.executable).relative_path().parent_path().parent_path();
    TRY(link_if_there(origin / "include" / name, venv.prefix / "python/include" / name));
    for (const fs::path& path : paths_in(origin / "lib" / name)) {
        const std::string entry = path.filename().string();
        if (entry.starts_with("config-" + manifest.python.version))
            TRY(link_if_there(path, venv.prefix / "python/lib" / name / entry));
    }
    return {};
}

// bin/python3 leads to `executable`, whose standard library is beside it.
Result<std::vector<std::string>> lead_to(const fs::path& executable, const Venv& venv,
                                         const Manifest& manifest) {
    std::vector<std::string> changed;
    for (const auto& name :
         {std::string("python"), std::string("python3"), "python" + manifest.python.version}) {
        const fs::path link = venv.prefix / "bin" / name;
        TRY(remove_tree(link));
        TRY(make_symlink(executable, link));
        changed.push_back("/bin/" + name);
    }
    const fs::path settings = venv.prefix / "pyvenv.cfg";
    TRY(remove_tree(settings));  // a hard link to the layer's: never written through
    TRY(write_file(settings, fmt::format("home = {}\ninclude-system-site-packages = false\n",
                                         executable.parent_path().string())));
    changed.emplace_back("/pyvenv.cfg");
    return changed;
}

// Beside PREFIX, where no distribution installs anything.
constexpr const char* target_answers = "deb_build_app_target.py";

Result<void> choose_for_target(const Venv& venv) {
    const fs::path code = venv.root / target_answers;
    TRY(write_file(code, std::string(resource("python/target.py"))));
    // A string of JSON is one of Python's.
    const std::string name = nlohmann::json(code.string()).dump();
    return write_file(venv.site_packages / "deb_build_app_target.pth",
                      fmt::format("import os; 'DEB_BUILD_APP_TARGET' in os.environ and "
                                  "exec(open({}, encoding='utf-8').read(), {{}})\n",
                                  name));
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

Result<Venv> stage_venv(const Manifest& manifest, const Layer& interpreter, const fs::path& root,
                        VenvFor purpose) {
    const Venv venv = venv_in(root, manifest);
    TRY(link_tree(interpreter.tree(), root));
    if (manifest.target.is_foreign()) {
        TRY(lead_to_native(venv, manifest));
        if (purpose == VenvFor::target) TRY(choose_for_target(venv));
    } else if (manifest.python.bundled) {
        TRY(link_headers(venv, manifest));
    } else if (manifest.target.root != "/") {
        // bin/python3 leads to /usr/bin on the target, which here is the build host's.
        TRY(lead_to(
            fs::path(manifest.target.root) / fs::path(manifest.python.executable).relative_path(),
            venv, manifest));
    }
    return venv;
}

fs::path python_for(const fs::path& root, const Manifest& manifest) {
    if (manifest.target.is_foreign()) return manifest.python.executable;
    return venv_in(root, manifest).python;
}

Result<std::vector<std::string>> lead_to_native(const Venv& venv, const Manifest& manifest) {
    TRY_ASSIGN(auto changed, lead_to(manifest.python.executable, venv, manifest));
    // It says that PREFIX/python is the base.
    const char* const base = "base_executable.pth";
    TRY(remove_tree(venv.site_packages / base));
    changed.push_back(fmt::format("/lib/python{}/site-packages/{}", manifest.python.version, base));
    return changed;
}

void answer_for_target(Environment& environment, const Manifest& manifest) {
    if (!manifest.target.is_foreign()) return;
    environment["DEB_BUILD_APP_TARGET"] = manifest.target.machine + " " + manifest.target.libc;
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

}  // namespace dba
