#include "python/compile.hpp"

#include <fmt/format.h>

#include <set>

#include "python/bytecode.hpp"
#include "python/venv.hpp"
#include "system/files/resources.hpp"
#include "system/files/tree.hpp"

namespace dba {

std::vector<std::string> module_directories(const Manifest& manifest) {
    return {manifest.folder(), manifest.prefix + "/lib", manifest.prefix + "/python/lib"};
}

namespace {

Result<std::vector<ModuleSource>> modules_below(const fs::path& root,
                                                const std::vector<std::string>& directories) {
    std::vector<ModuleSource> modules;
    for (const auto& directory : directories) {
        const fs::path here = root / fs::path(directory).relative_path();
        if (!directory_exists(here)) continue;
        TRY_ASSIGN(const auto entries, list_tree(here, directory, false));
        std::set<std::string> compiled;  // "/dir/name" of /dir/__pycache__/name.cpython-311.pyc
        for (const auto& entry : entries) {
            const fs::path path(entry.path);
            if (path.extension() == ".pyc" && path.parent_path().filename() == "__pycache__")
                compiled.insert(path.parent_path().parent_path() / path.stem().stem());
        }
        for (const auto& entry : entries) {
            if (entry.kind != EntryKind::file || !entry.path.ends_with(".py")) continue;
            if (compiled.contains(entry.path.substr(0, entry.path.size() - 3))) continue;
            modules.push_back({root / entry.path.substr(1), entry.path});
        }
    }
    return modules;
}

Result<void> compile_here(const fs::path& python, const std::vector<ModuleSource>& modules,
                          const Manifest& manifest, System& system) {
    std::string jobs;
    for (const ModuleSource& module : modules)
        jobs += module.source.string() + '\0' + module.name + '\0';
    TRY_ASSIGN(const auto ran,
               run_python(python, {"-S", "-c", std::string(resource("python/compile.py"))}, jobs,
                          manifest, system));
    if (ran.status != 0)
        return system_error(python.string(), fmt::format("compiling ended with {}:\n{}", ran.status,
                                                         last_lines(ran.err, 12)));
    return {};
}

}  // namespace

Result<void> compile_modules(const fs::path& python, const fs::path& root,
                             const std::vector<std::string>& directories, const Manifest& manifest,
                             System& system) {
    TRY_ASSIGN(const auto modules, modules_below(root, directories));
    if (modules.empty()) return {};
    TRY_ASSIGN(const Bytecode bytecode, bytecode_of(python, modules, manifest));
    bool is_made = false;
    TRY_ASSIGN(
        const fs::path kept,
        system.store.obtain_part(bytecode.receipt, [&](const fs::path& fresh) -> Result<void> {
            is_made = true;
            TRY(compile_here(python, modules, manifest, system));
            return keep_bytecode(bytecode.shared, manifest, fresh);
        }));
    if (is_made) return {};
    TRY_ASSIGN(const bool is_placed, place_bytecode(kept, bytecode.shared, manifest));
    if (!is_placed) return compile_here(python, modules, manifest, system);
    return bytecode.own.empty() ? Result<void>()
                                : compile_here(python, bytecode.own, manifest, system);
}

}  // namespace dba
