#include "python/venv.hpp"

#include <fmt/format.h>

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

// PYTHON SYSTEM with a target root elsewhere: bin/python3 leads to /usr/bin on the target, which
// here is the build host's.
Result<void> lead_into_root(const Venv& venv, const Manifest& manifest) {
    const fs::path executable =
        fs::path(manifest.target.root) / fs::path(manifest.python.executable).relative_path();
    for (const auto& name :
         {std::string("python"), std::string("python3"), "python" + manifest.python.version}) {
        const fs::path link = venv.prefix / "bin" / name;
        TRY(remove_tree(link));
        TRY(make_symlink(executable, link));
    }
    const fs::path settings = venv.prefix / "pyvenv.cfg";
    TRY(remove_tree(settings));  // a hard link to the layer's: never written through
    return write_file(settings, fmt::format("home = {}\ninclude-system-site-packages = false\n",
                                            executable.parent_path().string()));
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

}  // namespace dba
