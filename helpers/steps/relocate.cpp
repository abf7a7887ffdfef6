#include "steps/relocate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "steps/install_environment.hpp"
#include "steps/relocate_layer.hpp"
#include "system/files.hpp"
#include "system/resources.hpp"

namespace dba::steps {
namespace {

struct Work {
    const Layer& layer;
    std::string key;      // of what the layer was made from
    std::string staging;  // the directory that its contents name, "" when they name none
};

// Compiles every module of the tree for its final path (PEP 3147, PEP 552), by
// templates/python/compile.py. A file that is no Python of this version (a template, test data,
// Python 2) is shipped as it is, and would fail in the same way when imported.
Result<void> compile(const Manifest& manifest, const Layer& interpreter, const fs::path& tree,
                     System& system) {
    TRY_ASSIGN(const auto entries, list_tree(tree, "", false));
    const std::string libraries[] = {manifest.prefix + "/lib/", manifest.prefix + "/python/lib/"};
    std::string jobs;
    for (const auto& entry : entries) {
        const bool module =
            entry.path.starts_with(libraries[0]) || entry.path.starts_with(libraries[1]);
        if (!module || entry.kind != EntryKind::file || !entry.path.ends_with(".py")) continue;
        jobs += (tree / entry.path.substr(1)).string() + '\0' + entry.path + '\0';
    }
    if (jobs.empty()) return {};
    const fs::path python =
        interpreter.tree() / fs::path(manifest.interpreter_path()).relative_path();
    TRY_ASSIGN(const auto ran,
               run_python(python, {"-c", std::string(resource("python/compile.py"))}, jobs,
                          manifest, system));
    if (ran.status != 0)
        return system_error(python.string(), fmt::format("compiling ended with {}:\n{}", ran.status,
                                                         last_lines(ran.err, 12)));
    return {};
}

Result<Layer> relocate_one(const Manifest& manifest, const Layer& interpreter, const Work& work,
                           System& system) {
    Receipt receipt{.step = "relocate", .format = 1, .inputs = {}};
    receipt.inputs["layer"] = work.key;
    receipt.inputs["interpreter"] = interpreter.digest;
    receipt.inputs["manifest.prefix"] = manifest.prefix;
    receipt.inputs["manifest.exclude"] = fmt::format("{}", fmt::join(manifest.exclude, "\n"));
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
