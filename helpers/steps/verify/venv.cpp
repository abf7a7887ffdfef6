#include "steps/verify/venv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "formats/python/extension_name.hpp"
#include "formats/python/module_names.hpp"
#include "formats/text/text.hpp"
#include "needs/resolve.hpp"
#include "needs/target.hpp"
#include "steps/verify/distributions.hpp"
#include "steps/verify/imports.hpp"
#include "steps/verify/layer.hpp"
#include "steps/verify/metadata.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

// Raised when a check changes what it says of the same layers.
constexpr int format = 2;

// The files that "import" may take for a module of the environment.
bool is_there(const std::string& module, const PythonEnvironment& environment,
              const std::string& architecture, const PackageTree& tree) {
    std::string path = module;
    std::replace(path.begin(), path.end(), '.', '/');
    const std::string folder = fmt::format("{}/app/{}", environment.prefix, path);
    path = fmt::format("{}/{}", environment.site_packages, path);
    std::vector<std::string> suffixes =
        extension_suffixes(environment.version, multiarch_triplet(architecture));
    suffixes.insert(suffixes.end(), {"", ".py"});
    for (const std::string& suffix : suffixes)
        if (tree.resolve(path + suffix) || tree.resolve(folder + suffix)) return true;
    return false;
}

// Whether the function is in the module is known when it is started: verify_package().
void check_script_modules(const PythonEnvironment& environment, const std::string& architecture,
                          const std::vector<Layer>& layers, Findings& findings) {
    const PackageTree tree(layers);
    std::set<std::string> provided;
    for (const Distribution& one : environment.distributions)
        for (const std::string& module : one.modules) provided.insert(top_level_module(module));
    for (const ImportJob& job : import_jobs(environment)) {
        // A module of the standard library may be named too.
        if (job.script.empty() || !provided.contains(top_level_module(job.module)) ||
            is_there(job.module, environment, architecture, tree))
            continue;
        findings.push_back({"entry-point", job.path,
                            fmt::format("{} ({}): there is no module {}", job.script,
                                        job.distribution, job.module),
                            "its distribution is damaged, or names the wrong module"});
    }
}

Result<LayerReport> judge(const Manifest& manifest, const std::vector<Layer>& layers) {
    LayerReport report;
    TRY_ASSIGN(const PythonEnvironment environment,
               read_environment(layers, manifest.prefix, report.findings));
    if (environment.distributions.empty()) return report;
    check_metadata(environment, manifest.target.architecture, overridden_in(layers),
                   report.findings, report.warnings);
    check_module_names(environment, layers, report.warnings);
    check_script_modules(environment, manifest.target.architecture, layers, report.findings);
    return report;
}

}  // namespace

Result<Findings> check_environment(const Manifest& manifest, const std::vector<Layer>& layers,
                                   System& system) {
    Receipt receipt{"verify-environment", format};
    receipt.add("prefix", manifest.prefix)
        .add("architecture", manifest.target.architecture)
        .add("layers", layers)
        .share(Sharing::anywhere);
    TRY_ASSIGN(const fs::path kept,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY_ASSIGN(const LayerReport report, judge(manifest, layers));
                   for (const Finding& note : report.warnings)
                       system.log.warning("verify", fmt::format("{}: {}", note.path, note.message));
                   return write_file(fresh / "verdict.json", to_json_text(report));
               }));
    const fs::path file = kept / "verdict.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(LayerReport report, parse_layer_report(text, file.string()));
    return std::move(report.findings);
}

}  // namespace dba::steps
