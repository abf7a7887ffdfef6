#include "steps/verify/verify.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "deb/stack.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/spelling.hpp"
#include "needs/resolve.hpp"
#include "needs/scan.hpp"
#include "source/application_files.hpp"
#include "steps/verify/layer.hpp"
#include "steps/verify/leaks.hpp"
#include "steps/verify/machines.hpp"
#include "steps/verify/python.hpp"
#include "steps/verify/secrets.hpp"
#include "steps/verify/starts.hpp"
#include "steps/verify/tree.hpp"
#include "steps/verify/venv.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// A directory is also known by the name that its symbolic links lead to.
std::vector<SearchedDirectory> with_real_names(std::vector<SearchedDirectory> directories) {
    for (std::size_t i = 0, given = directories.size(); i < given; ++i) {
        std::error_code failed;
        const fs::path real = fs::canonical(directories[i].path, failed);
        if (failed || real == directories[i].path) continue;
        SearchedDirectory other = directories[i];
        other.path = real.string();
        directories.push_back(std::move(other));
    }
    return directories;
}

// Where the package itself lives on the target.
std::vector<std::string> own_paths(const Manifest& manifest) {
    std::vector<std::string> own = {manifest.prefix};
    for (const ResolvedConfig& config : manifest.configs) own.push_back(config.destination);
    if (!manifest.config_variants.directory.empty()) own.push_back("/etc/" + manifest.name);
    for (const InstalledFile& file : manifest.files)
        own.push_back(std::filesystem::path(file.destination).parent_path());
    for (const Link& link : manifest.links) {
        own.push_back(link.path);
        own.push_back(link.target);
    }
    std::erase_if(own, [](const std::string& path) { return components(path) == 0; });
    return own;
}

// As relocate takes the pattern, and by the whole path for what lies outside of the prefix.
bool is_waived(const std::string& glob, const std::string& path, const std::string& prefix) {
    return names_path(glob, path, prefix) || glob_match(glob, path);
}

void apply_waivers(std::string_view check, const std::vector<Waiver>& waivers,
                   const Manifest& manifest, VerifyReport& verified, Log& log) {
    std::vector<bool> used(waivers.size(), false);
    Findings left;
    for (Finding& finding : verified.findings) {
        std::size_t at = 0;
        while (at < waivers.size() && (finding.check != check ||
                                       !is_waived(waivers[at].glob, finding.path, manifest.prefix)))
            ++at;
        if (at == waivers.size()) {
            left.push_back(std::move(finding));
            continue;
        }
        used[at] = true;
        verified.waived.push_back({std::move(finding), waivers[at]});
    }
    verified.findings = std::move(left);
    for (std::size_t i = 0; i < waivers.size(); ++i) {
        if (used[i]) continue;
        verified.unused.push_back(waivers[i]);
        log.warning("verify",
                    fmt::format("{}_WAIVER \"{}\": no file that it matches {}; take it out",
                                check == "leak" ? "LEAK" : "SECRET", waivers[i].glob,
                                check == "leak" ? "names a directory of the build"
                                                : "looks like a secret"));
    }
}

void apply_waivers(const Manifest& manifest, VerifyReport& verified, Log& log) {
    apply_waivers("leak", manifest.leak_waivers, manifest, verified, log);
    apply_waivers("secret", manifest.secret_waivers, manifest, verified, log);
}

// What links may lead to outside the package.
std::set<std::string> declared_targets(const Manifest& manifest) {
    std::set<std::string> declared = {"/dev/null"};  // a masked unit (systemd.unit(5))
    if (!manifest.python.bundled) declared.insert(manifest.python.executable);
    for (const Link& link : manifest.links)
        if (link.target.starts_with('/')) declared.insert(link.target);
    return declared;
}

void check_stack(const Manifest& manifest, const std::vector<Layer>& layers,
                 const std::vector<LayerReport>& reports, const DpkgDatabase& packages,
                 Findings& findings) {
    const PackageTree tree(layers);
    const std::set<std::string> declared = declared_targets(manifest);
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            check_name(entry, findings);
            check_mode(entry, findings);
            check_link(entry, tree, declared, findings);
        }
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (const ScriptFact& script : reports[i].scripts)
            check_script(script, manifest.prefix, is_own(layers[i], manifest), tree, &packages,
                         findings);
        for (const RecordFact& fact : reports[i].records)
            if (auto finding =
                    check_record_row(fact.record, fact.path, fact.row, tree.entry(fact.path)))
                findings.push_back(std::move(*finding));
    }
    check_programs(manifest, tree, layers, packages, findings);
}

void say_not_started(const Target& target, Log& log, VerifyReport& verified) {
    const Finding warning{"start", "",
                          fmt::format("nothing was imported or started: this machine is {}, and "
                                      "runs nothing for {}",
                                      target.native, target.architecture),
                          "install it there once, or on an emulated one"};
    log.warning("verify", fmt::format("{} ({})", warning.message, warning.hint));
    verified.warnings.push_back(warning);
}

}  // namespace

Result<VerifyReport> verify(const Manifest& manifest, const VerifyInputs& inputs, System& system) {
    TRY(deb::refuse_collisions(inputs.layers));
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(manifest.target.root));
    const LeakGate leaks(with_real_names(inputs.build_directories), own_paths(manifest));

    VerifyReport verified;
    verified.searched = leaks.directories();
    Findings& findings = verified.findings;
    std::vector<LayerReport> reports;
    for (const Layer& layer : inputs.layers) {
        TRY_ASSIGN(LayerReport report,
                   check_layer(layer, leaks, is_own(layer, manifest), system.store, system.log));
        findings.insert(findings.end(), report.findings.begin(), report.findings.end());
        verified.warnings.insert(verified.warnings.end(), report.warnings.begin(),
                                 report.warnings.end());
        reports.push_back(std::move(report));
        TRY_ASSIGN(const fs::path scan_file, keep_scan(layer, system.store));
        TRY_ASSIGN(const LayerScan scan, read_scan(scan_file));
        check_machines(manifest, layer, scan, findings);
    }
    check_stack(manifest, inputs.layers, reports, packages, findings);
    TRY_ASSIGN(const Findings environment, check_environment(manifest, inputs.layers, system));
    findings.insert(findings.end(), environment.begin(), environment.end());

    // What is known to be wrong already would only be found again.
    if (findings.empty() && manifest.target.is_foreign())
        say_not_started(manifest.target, system.log, verified);
    else if (findings.empty())
        TRY(check_starts(manifest, {inputs.layers, inputs.rendered.debian, packages}, system,
                         verified));

    // DEBIAN/ is shipped too.
    TRY_ASSIGN(const auto debian, list_tree(inputs.rendered.debian, "/DEBIAN", false));
    for (const LayerEntry& entry : debian) {
        if (entry.kind != EntryKind::file) continue;
        TRY_ASSIGN(const std::string bytes,
                   read_file(inputs.rendered.debian / entry.path.substr(8)));
        leaks.judge(entry, bytes, findings, verified.warnings);
        check_secrets(entry, bytes, findings);
    }
    apply_waivers(manifest, verified, system.log);
    return verified;
}

}  // namespace dba::steps
