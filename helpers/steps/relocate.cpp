#include "steps/relocate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "steps/relocate_layer.hpp"
#include "system/files.hpp"

namespace dba::steps {
namespace {

struct Work {
    const Layer& layer;
    std::string key;      // of what the layer was made from
    std::string staging;  // the directory that its contents name, "" when they name none
};

// Compiles every module of the tree for its final path (PEP 3147, PEP 552). unchecked-hash: the
// .pyc carries the hash of its source instead of a time, and is never compared with it at import,
// so that neither mtimes nor file systems make a difference.
Result<void> compile(const Manifest& manifest, const Layer& interpreter, const fs::path& tree,
                     System& system) {
    std::vector<std::string> directories;
    const fs::path prefix = tree / fs::path(manifest.prefix).relative_path();
    std::error_code ignored;
    for (const fs::path& library : {prefix / "python/lib", prefix / "lib"})
        if (fs::is_directory(library, ignored)) directories.push_back(library);
    if (directories.empty()) return {};
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("compile"));
    const fs::path python =
        interpreter.tree() / fs::path(manifest.interpreter_path()).relative_path();
    std::vector<std::string> argv{python.string(),
                                  "-I",
                                  "-m",
                                  "compileall",
                                  "-q",
                                  "-q",
                                  "-f",
                                  "-s",
                                  tree.string(),
                                  "-p",
                                  "/",
                                  "--invalidation-mode",
                                  "unchecked-hash"};
    argv.insert(argv.end(), directories.begin(), directories.end());
    TRY_ASSIGN(const auto ran,
               system.processes.run(
                   {argv, clean_environment(scratch, manifest.source_date_epoch), scratch, {}}));
    // 1: some file is no Python of this version (templates, test data, Python 2 leftovers); it is
    // shipped as it is and would fail in the same way when imported.
    if (ran.status > 1)
        return system_error(python.string(), fmt::format("compileall ended with {}:\n{}",
                                                         ran.status, last_lines(ran.err, 12)));
    return remove_tree(scratch);
}

Result<Layer> relocate_one(const Manifest& manifest, const Layer& interpreter, const Work& work,
                           System& system) {
    Receipt receipt{.step = "relocate", .format = 1, .inputs = {}};
    receipt.inputs["layer"] = work.key;
    receipt.inputs["interpreter"] = interpreter.digest;
    receipt.inputs["manifest.prefix"] = manifest.prefix;
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY(rewrite_layer(work.layer, work.staging, manifest, fresh / "tree"));
                   TRY(compile(manifest, interpreter, fresh / "tree", system));
                   TRY_ASSIGN(const Layer sealed, seal_layer(fresh, work.layer.name));
                   return {};
               }));
    return load_layer(directory);
}

void add(std::vector<Work>& list, const StagedLayers& staged) {
    for (std::size_t i = 0; i < staged.layers.size(); ++i)
        list.push_back({staged.layers[i], staged.keys[i], staged.staging});
}

}  // namespace

Result<std::vector<Layer>> relocate(const Manifest& manifest, const RelocateInputs& inputs,
                                    System& system) {
    std::vector<Work> list{{inputs.interpreter, inputs.interpreter.digest, {}}};
    add(list, inputs.installed.third_party);
    add(list, inputs.installed.application);
    const int before = system.store.made();
    std::vector<Layer> layers;
    for (const auto& work : list) {
        TRY_ASSIGN(layers.emplace_back(), relocate_one(manifest, inputs.interpreter, work, system));
    }
    if (const int made = system.store.made() - before; made > 0)
        system.log.step("relocate", fmt::format("{} of {} layers", made, list.size()));
    return layers;
}

}  // namespace dba::steps
