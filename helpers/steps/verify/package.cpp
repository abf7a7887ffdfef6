#include "steps/verify/package.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "formats/debian/control.hpp"
#include "model/json.hpp"
#include "needs/resolve.hpp"
#include "needs/scan.hpp"
#include "steps/verify/control.hpp"
#include "steps/verify/distributions.hpp"
#include "steps/verify/imports.hpp"
#include "steps/verify/layer.hpp"
#include "steps/verify/leaks.hpp"
#include "steps/verify/metadata.hpp"
#include "steps/verify/needs.hpp"
#include "steps/verify/python.hpp"
#include "steps/verify/tree.hpp"
#include "system/files/archive.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba::steps {
namespace {

// The data member unpacked as one layer of nobody in particular.
Result<Layer> unpack(const fs::path& deb, const fs::path& scratch) {
    TRY(make_directories(scratch / "tree"));
    TRY(extract_deb(deb, scratch / "tree"));
    return seal_layer(scratch, "package");
}

Result<std::map<std::string, std::string>> md5_of(const Layer& layer) {
    std::map<std::string, std::string> digests;
    for (const LayerEntry& entry : layer.entries) {
        if (entry.kind != EntryKind::file) continue;
        TRY_ASSIGN(digests[entry.path], md5_file(layer.file(entry)));
    }
    return digests;
}

// What the archive itself says: owners, and modes, which unpacking may change.
void check_headers(const DebContents& deb, Findings& findings) {
    for (const ArchiveEntry& item : deb.data) {
        if (item.uid != 0 || item.gid != 0)
            findings.push_back(
                {"owner", item.entry.path,
                 fmt::format("belongs to {}:{}, not to root:root", item.uid, item.gid), ""});
        check_name(item.entry, findings);
        check_mode(item.entry, findings);
    }
}

class PackageCheck {
 public:
    PackageCheck(const VerifyPackageInputs& inputs, System& system, fs::path scratch)
        : inputs_(inputs), system_(system), scratch_(std::move(scratch)) {}

    Result<PackageReport> run() {
        TRY_ASSIGN(const DebContents deb, read_deb(inputs_.deb));
        check_control(deb, verdict_.findings);
        check_headers(deb, verdict_.findings);
        TRY_ASSIGN(layer_, unpack(inputs_.deb, scratch_));
        if (const auto stanzas = parse_control(deb.control.at("control"), "control");
            stanzas && stanzas->size() == 1)
            control_ = stanzas->front();
        prefix_ = prefix_of({layer_});
        note_facts(deb);
        TRY(check_files(deb));
        TRY_ASSIGN(const LayerScan scan, scan_layer(layer_));
        verdict_.facts.binaries = scan.files.size();
        check_machines(layer_, scan, control_, verdict_.findings, verdict_.notes);
        TRY_ASSIGN(ReferenceSystem reference,
                   open_reference_system(inputs_.root.string(), control_));
        if (!reference.refusal.empty()) skip("elf", reference.refusal);
        check_needs(layer_, scan, control_, &reference, verdict_.findings);
        if (!prefix_.empty()) TRY(check_environment(reference));
        return std::move(verdict_);
    }

 private:
    [[nodiscard]] std::string field(const char* name) const {
        const std::string* value = control_.find(name);
        return value == nullptr ? "" : *value;
    }

    void skip(const char* check, std::string reason) {
        verdict_.skipped.push_back({check, std::move(reason)});
    }

    void note_facts(const DebContents& deb) {
        PackageFacts& facts = verdict_.facts;
        facts.package = field("Package");
        facts.version = field("Version");
        facts.architecture = field("Architecture");
        facts.prefix = prefix_;
        facts.entries = deb.data.size();
    }

    Result<void> check_files(const DebContents& deb) {
        Findings& findings = verdict_.findings;
        const LeakGate leaks(inputs_.directories, prefix_);
        TRY_ASSIGN(const LayerReport report, check_layer(layer_, leaks));
        findings.insert(findings.end(), report.findings.begin(), report.findings.end());
        // Which distribution is the user's own is not written in the package: what lies in
        // site-packages gets the doubt, all else does not.
        for (const Finding& warning : report.warnings)
            (warning.path.find("/site-packages/") == std::string::npos ? findings : verdict_.notes)
                .push_back(warning);

        const std::vector<Layer> layers = {layer_};
        const PackageTree tree(layers);
        std::set<std::string> declared = {"/dev/null"};
        // PYTHON SYSTEM: the venv's own links lead to the host's interpreter.
        for (const LayerEntry& entry : layer_.entries)
            if (entry.kind == EntryKind::symlink &&
                entry.path.starts_with(prefix_ + "/bin/python") &&
                entry.link_target.starts_with("/usr/bin/python"))
                declared.insert(entry.link_target);
        for (const LayerEntry& entry : layer_.entries) check_link(entry, tree, declared, findings);
        for (const ScriptFact& script : report.scripts)
            check_script(script, prefix_, false, tree, nullptr, findings);
        for (const RecordFact& fact : report.records)
            if (auto finding =
                    check_record_row(fact.record, fact.path, fact.row, tree.entry(fact.path)))
                findings.push_back(std::move(*finding));
        TRY_ASSIGN(const auto md5, md5_of(layer_));
        check_md5sums(deb, md5, findings);
        return {};
    }

    Result<void> check_environment(const ReferenceSystem& reference) {
        TRY_ASSIGN(const PythonEnvironment environment,
                   read_environment({layer_}, prefix_, verdict_.findings));
        verdict_.facts.python = environment.version;
        verdict_.facts.bundled = environment.interpreter.empty();
        verdict_.facts.distributions = environment.distributions.size();
        check_metadata(environment, verdict_.facts.architecture, overridden_in({layer_}),
                       verdict_.findings, verdict_.notes);
        check_module_names(environment, {layer_}, verdict_.notes);
        const auto jobs = import_jobs(environment);
        for (const ImportJob& job : jobs)
            ++(job.script.empty() ? verdict_.facts.modules : verdict_.facts.scripts);
        return start(environment, jobs, reference);
    }

    // What cannot be started here is reported and not failed: the package may be right.
    Result<void> start(const PythonEnvironment& environment, const std::vector<ImportJob>& jobs,
                       const ReferenceSystem& reference) {
        const std::string python = prefix_ + "/bin/python3";
        const auto is_python = [&](const LayerEntry& entry) { return entry.path == python; };
        if (std::none_of(layer_.entries.begin(), layer_.entries.end(), is_python)) {
            verdict_.findings.push_back({"python", python, "is not in the package", ""});
            return {};
        }
        std::string reason = reference.refusal;
        if (reason.empty() && !environment.interpreter.empty() &&
            !path_exists(inputs_.root / environment.interpreter.substr(1)))
            reason = fmt::format("{} has no {}", inputs_.root.string(), environment.interpreter);
        Isolation isolation = Isolation::none;
        if (reason.empty()) {
            isolation = find_isolation(reason);
            if (isolation == Isolation::none)
                reason = fmt::format("this system allows no namespaces here: {}", reason);
        }
        if (isolation != Isolation::none) {
            const View view = inputs_.root == "/"
                                  ? host_view(layer_.tree(), environment.interpreter)
                                  : root_view(inputs_.root, layer_.tree());
            const auto report =
                run_imports(environment, jobs, view, isolation, system_, verdict_.findings);
            if (report) {
                verdict_.facts.isolation = to_text(isolation);
                if (*report) {
                    check_python(environment, (*report)->facts, verdict_.findings);
                    check_imports(environment, jobs, **report, verdict_.findings, verdict_.notes);
                }
                return {};
            }
            reason = fmt::format("no namespace could be set up: {}", report.error().cause);
        }
        for (const char* check : {"python", "import", "entry-point"}) skip(check, reason);
        return {};
    }

    const VerifyPackageInputs& inputs_;
    System& system_;
    fs::path scratch_;
    Layer layer_;
    Stanza control_;
    std::string prefix_;
    PackageReport verdict_;
};

}  // namespace

Result<PackageReport> verify_package(const VerifyPackageInputs& inputs, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("verify"));
    auto report = PackageCheck(inputs, system, scratch).run();
    TRY(remove_tree(scratch));
    return report;
}

std::string to_json_text(const PackageReport& report, const std::string& deb, double seconds) {
    auto facts = json_of(report.facts);
    facts["seconds"] = seconds;
    return json_text({{"format", 1},
                      {"deb", json_from_bytes(deb)},
                      {"findings", json_of(report.findings)},
                      {"notes", json_of(report.notes)},
                      {"skipped", json_of(report.skipped)},
                      {"facts", std::move(facts)}});
}

}  // namespace dba::steps
