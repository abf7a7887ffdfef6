#include "steps/relocate/relocate.hpp"

#include <fmt/format.h>

#include "python/compile.hpp"
#include "python/venv.hpp"
#include "steps/relocate/activate.hpp"
#include "steps/relocate/layer.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

struct Work {
    const Layer& layer;
    std::string key;      // of what the layer was made from
    std::string staging;  // the directory that its contents name, "" when they name none
};

Result<Layer> relocate_one(const Manifest& manifest, const Layer& interpreter, const Work& work,
                           System& system) {
    std::vector<std::string> waivers;
    waivers.reserve(manifest.leak_waivers.size());
    for (const auto& waiver : manifest.leak_waivers) waivers.push_back(waiver.glob);
    Receipt receipt{"relocate", 5};
    receipt.add("layer", work.key)
        .add("interpreter", interpreter)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.exclude", manifest.exclude)
        .add("manifest.leak_waivers", waivers);
    const bool is_interpreter = work.staging.empty();
    TRY_ASSIGN(const bool built_here, is_built_here(work.layer));
    // What a waiver lets through may name places of this build.
    if (manifest.leak_waivers.empty())
        receipt.share(built_here ? Sharing::machine : Sharing::anywhere);
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY(rewrite_layer(work.layer, work.staging, manifest, fresh / "tree", system));
                   const fs::path python = python_for(interpreter.tree(), manifest);
                   if (is_interpreter)
                       TRY(write_activate_scripts(python, fresh / "tree", manifest, system));
                   TRY(compile_modules(python, fresh / "tree", module_directories(manifest),
                                       manifest, system));
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
