#include "steps/verify.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "packers/packer.hpp"
#include "steps/depends_resolve.hpp"
#include "steps/verify_environment.hpp"
#include "steps/verify_layer.hpp"
#include "steps/verify_leaks.hpp"
#include "steps/verify_python.hpp"
#include "steps/verify_secrets.hpp"
#include "steps/verify_tree.hpp"
#include "system/files.hpp"

namespace dba::steps {
namespace {

// A directory is also known by the name that its symbolic links lead to.
std::vector<std::string> with_real_names(std::vector<std::string> directories) {
    for (std::size_t i = 0, given = directories.size(); i < given; ++i) {
        std::error_code failed;
        const fs::path real = fs::canonical(directories[i], failed);
        if (!failed && real != directories[i]) directories.push_back(real.string());
    }
    return directories;
}

// What links may lead to outside the package.
std::set<std::string> declared_targets(const Manifest& manifest) {
    std::set<std::string> declared = {"/dev/null"};  // a masked unit (systemd.unit(5))
    if (!manifest.python.bundled) declared.insert(manifest.python.executable);
    for (const Link& link : manifest.links)
        if (link.target.starts_with('/')) declared.insert(link.target);
    return declared;
}

void judge_stack(const Manifest& manifest, const std::vector<Layer>& layers,
                 const std::vector<LayerVerdict>& verdicts, const DpkgDatabase& packages,
                 Findings& findings) {
    const PackageTree tree(layers);
    const std::set<std::string> declared = declared_targets(manifest);
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            judge_name(entry, findings);
            judge_mode(entry, findings);
            judge_link(entry, tree, declared, findings);
        }
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (const ScriptFact& script : verdicts[i].scripts)
            judge_script(script, manifest.prefix, is_own(layers[i]), tree, &packages, findings);
        for (const RecordFact& fact : verdicts[i].records)
            if (auto finding =
                    judge_record_row(fact.record, fact.path, fact.row, tree.entry(fact.path)))
                findings.push_back(std::move(*finding));
    }
    judge_programs(manifest, tree, layers, packages, findings);
}

}  // namespace

Result<Findings> verify(const Manifest& manifest, const VerifyInputs& inputs, System& system) {
    TRY(packers::refuse_collisions(inputs.layers));
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(manifest.target.root));
    const LeakGate leaks(with_real_names(inputs.build_directories), manifest.prefix);

    Findings findings;
    std::vector<LayerVerdict> verdicts;
    for (const Layer& layer : inputs.layers) {
        TRY_ASSIGN(KeptVerdict kept, judge_layer(layer, leaks, system.store));
        findings.insert(findings.end(), kept.verdict.findings.begin(), kept.verdict.findings.end());
        if (kept.fresh)
            for (const Finding& warning : kept.verdict.warnings)
                system.log.warning("verify", fmt::format("{} ({}): {}", warning.path, layer.name,
                                                         warning.message));
        verdicts.push_back(std::move(kept.verdict));
    }
    judge_stack(manifest, inputs.layers, verdicts, packages, findings);
    TRY_ASSIGN(const Findings environment, judge_environment(manifest, inputs.layers, system));
    findings.insert(findings.end(), environment.begin(), environment.end());

    // DEBIAN/ is shipped too.
    TRY_ASSIGN(const auto debian, list_tree(inputs.rendered.debian, "/DEBIAN", false));
    for (const LayerEntry& entry : debian) {
        if (entry.kind != EntryKind::file) continue;
        TRY_ASSIGN(const std::string bytes,
                   read_file(inputs.rendered.debian / entry.path.substr(8)));
        leaks.judge(entry, bytes, findings);
        judge_secrets(entry, bytes, findings);
    }
    return findings;
}

}  // namespace dba::steps
