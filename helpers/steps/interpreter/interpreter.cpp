#include "steps/interpreter/interpreter.hpp"

#include <fmt/format.h>

#include "python/bundle.hpp"
#include "python/bundle_parts.hpp"
#include "python/compile.hpp"
#include "python/scripts.hpp"
#include "python/venv.hpp"
#include "steps/interpreter/libraries.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"
#include "system/files/tree.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

// bin/{python,python3,python3.X}; the environment's scripts name python3.
Result<void> link_interpreter(const fs::path& prefix, const Manifest& manifest,
                              const std::string& target) {
    TRY(make_directories(prefix / "bin"));
    for (const auto& name :
         {std::string("python"), std::string("python3"), "python" + manifest.python.version})
        TRY(make_symlink(target, prefix / "bin" / name));
    return make_directories(prefix / "lib" / ("python" + manifest.python.version) /
                            "site-packages");
}

// No `home`: then the interpreter finds its standard library beside the file that bin/python3
// leads to, wherever the tree lies, while a `home` that is not there (yet) silently means the
// library compiled into the binary, the build host's.
Result<void> write_bundled(const fs::path& prefix, const Manifest& manifest,
                           const PythonOrigin& origin, System& system) {
    TRY(copy_python(origin, manifest, prefix));
    TRY(rewrite_build_record(origin, manifest, prefix));
    TRY(bring_libraries(origin, manifest, prefix, system));
    TRY(rewrite_binaries(origin, manifest, prefix));
    TRY(link_interpreter(prefix, manifest, "../python/bin/" + origin.name));
    TRY(write_file(prefix / "pyvenv.cfg",
                   fmt::format("include-system-site-packages = false\nversion = {}\n",
                               manifest.python.full_version)));
    // Without `home`, sys._base_executable is bin/python3 itself, and `python -m venv` would make
    // an environment on top of PREFIX/bin, where no standard library is, hence on the host's. And
    // Python before 3.11 calls its base PREFIX/bin/../python.
    return write_file(prefix / "lib" / origin.name / "site-packages" / "base_executable.pth",
                      fill("python/base_executable.pth", {{"NAME", origin.name}}));
}

// Modules that are scripts as well (base64.py, platform.py) name /usr/bin/python3.X.
Result<void> rewrite_shebangs(const fs::path& prefix, const Manifest& manifest) {
    TRY_ASSIGN(const auto entries, list_tree(prefix / "python/lib", "", false));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::file || (entry.mode & 0111U) == 0 ||
            !entry.path.ends_with(".py"))
            continue;
        const fs::path file = prefix / "python/lib" / entry.path.substr(1);
        TRY_ASSIGN(const std::string bytes, read_file(file));
        TRY(write_file(file, with_final_interpreter(bytes, {}, manifest, true), entry.mode));
    }
    return {};
}

// What `python -m venv` writes.
Result<void> write_system(const fs::path& prefix, const Manifest& manifest) {
    TRY(link_interpreter(prefix, manifest, manifest.python.executable));
    return write_file(prefix / "pyvenv.cfg",
                      fmt::format("home = {}\ninclude-system-site-packages = false\nversion = {}\n"
                                  "executable = {}\n",
                                  fs::path(manifest.python.executable).parent_path().string(),
                                  manifest.python.full_version, manifest.python.executable));
}

// Which of the libraries in PREFIX/python/lib the copy takes from elsewhere, once all of its
// extension modules are loaded: the build host's libpython instead of its own, for example.
Result<void> prove_libraries(const fs::path& prefix, const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("interpreter"));
    const std::string python = prefix / "bin/python3";
    TRY_ASSIGN(const Completed answer,
               system.processes.check(
                   {.argv = {python, "-I", "-B", "-W", "ignore", "-c",
                             std::string(resource("python/libraries.py"))},
                    .environment = clean_environment(scratch, manifest.source_date_epoch)}));
    if (answer.out.empty()) return {};
    return system_error(manifest.python.executable,
                        fmt::format("a copy of it loads a library from elsewhere that it has "
                                    "itself:\n{}",
                                    answer.out));
}

// Starts the copy and asks it where it thinks it is: a copy that reads the build host's standard
// library works here and nowhere else.
Result<void> prove(const fs::path& prefix, const Manifest& manifest, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("interpreter"));
    const std::string python = prefix / "bin/python3";
    TRY_ASSIGN(
        const Completed answer,
        system.processes.run(
            {// -I ignores PYTHONDONTWRITEBYTECODE; no .pyc may come of it.
             .argv = {python, "-I", "-B", "-c", std::string(resource("python/whereabouts.py"))},
             .environment = clean_environment(scratch, manifest.source_date_epoch)}));
    if (answer.status != 0)
        return system_error(manifest.python.executable,
                            fmt::format("a copy of it does not start on this machine:\n{}",
                                        last_lines(answer.err, 5)),
                            "build on a machine of the target's own release and architecture");
    const std::string library = prefix / "python/lib" / ("python" + manifest.python.version);
    const std::string expected = fmt::format(
        "{0}\n{0}/python\n{1}\n{1}\n{0}/lib/python{2}/site-packages\n{3}\n", prefix.string(),
        library, manifest.python.version, manifest.python.full_version);
    if (answer.out != expected)
        return system_error(manifest.python.executable,
                            fmt::format("a copy of it does not keep to itself; it says\n{}"
                                        "where it should say\n{}",
                                        answer.out, expected));
    return {};
}

Result<void> prove_copy(const fs::path& prefix, const Manifest& manifest,
                        const PythonOrigin& origin, System& system) {
    TRY(prove(prefix, manifest, system));
    if (!manifest.python.libraries_bundled && origin.debian) return {};
    return prove_libraries(prefix, manifest, system);
}

}  // namespace

Result<Layer> interpreter(const Manifest& manifest, const InterpreterInputs& /*inputs*/,
                          System& system) {
    Receipt receipt{"interpreter", 5};
    receipt.add("manifest.prefix", manifest.prefix)
        .add("manifest.python.executable", manifest.python.executable)
        .add("manifest.python.full_version", manifest.python.full_version)
        .add("manifest.python.bundled", manifest.python.bundled);
    PythonOrigin origin;
    if (manifest.python.bundled) {
        TRY_ASSIGN(origin, find_python(manifest));
        receipt.add("python", origin.description)
            .add("manifest.target.architecture", manifest.target.architecture)
            .add("manifest.python.keep", manifest.python.keep)
            .add("manifest.python.libraries_bundled", manifest.python.libraries_bundled)
            // Debian's is its packages' versions; of another one there is a list of files.
            .share(origin.debian ? Sharing::anywhere : Sharing::machine);
        if (manifest.python.libraries_bundled || !origin.debian) {
            // Which libraries the target has decides which are copied.
            TRY_ASSIGN(const std::string patchelf, patchelf_digest());
            receipt.add("manifest.target.root", manifest.target.root)
                .add("manifest.target.state_digest", manifest.target.state_digest)
                .add("patchelf", patchelf);
        }
    }
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   const fs::path prefix = venv_in(fresh / "tree", manifest).prefix;
                   if (manifest.python.bundled) {
                       system.log.step("interpreter", "copying " + origin.executable.string());
                       TRY(write_bundled(prefix, manifest, origin, system));
                       if (!manifest.target.is_foreign())
                           TRY(prove_copy(prefix, manifest, origin, system));
                       TRY_ASSIGN(const auto trimmed, measure_parts(origin.library, origin.prefix,
                                                                    manifest.python.keep));
                       TRY(write_file(fresh / "trimmed.json", to_json_text(trimmed)));
                       TRY(rewrite_shebangs(prefix, manifest));
                       // Here and not in relocate: every start of this Python by a later step
                       // is five times as fast with .pyc files.
                       TRY(compile_modules(python_for(fresh / "tree", manifest), fresh / "tree",
                                           module_directories(manifest), manifest, system));
                   } else {
                       TRY(write_system(prefix, manifest));
                   }
                   TRY_ASSIGN(const Layer sealed, seal_layer(fresh, "interpreter"));
                   return {};
               }));
    return load_layer(directory);
}

}  // namespace dba::steps
