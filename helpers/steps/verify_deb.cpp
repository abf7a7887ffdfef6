// verify_deb(): a finished .deb, against its plan or alone.
#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "formats/control.hpp"
#include "packers/compare.hpp"
#include "packers/control_member.hpp"
#include "packers/stack.hpp"
#include "steps/depends_resolve.hpp"
#include "steps/depends_scan.hpp"
#include "steps/verify.hpp"
#include "steps/verify_control.hpp"
#include "steps/verify_layer.hpp"
#include "steps/verify_leaks.hpp"
#include "steps/verify_python.hpp"
#include "steps/verify_tree.hpp"
#include "system/archive.hpp"
#include "system/digest.hpp"
#include "system/files.hpp"

namespace dba::steps {
namespace {

// Where the environment is: the directory of the pyvenv.cfg that is the highest; "" without one.
std::string prefix_of(const Layer& layer) {
    std::string prefix;
    for (const LayerEntry& entry : layer.entries) {
        if (!entry.path.ends_with("/pyvenv.cfg")) continue;
        const std::string directory = entry.path.substr(0, entry.path.rfind('/'));
        if (prefix.empty() || directory.size() < prefix.size()) prefix = directory;
    }
    return prefix;
}

void judge_control_files(const DebContents& deb, const std::vector<packers::ControlFile>& planned,
                         Findings& findings) {
    const auto told = [&](const std::string& name, std::string message) {
        findings.push_back({"control", "", fmt::format("{}: {}", name, message), ""});
    };
    std::set<std::string> names;
    for (const packers::ControlFile& file : planned) {
        names.insert(file.name);
        const auto made = deb.control.find(file.name);
        if (made == deb.control.end()) {
            told(file.name, "was planned and is not in the package");
            continue;
        }
        // fpm writes md5sums in an order, and conffiles with white space, of its own; their
        // contents are judged by what they mean.
        if (file.name != "md5sums" && file.name != "conffiles" && file.name != "control" &&
            made->second != file.bytes)
            told(file.name, "its contents in the package are not the planned ones");
        if (file.name == "control" && made->second != file.bytes)
            told(file.name, fmt::format("differs from the planned one:\n{}", made->second));
        const auto mode = deb.control_modes.find(file.name);
        if (mode != deb.control_modes.end() && mode->second != file.mode)
            told(file.name, fmt::format("mode {:04o} was planned, the package has {:04o}",
                                        file.mode, mode->second));
    }
    for (const auto& [name, bytes] : deb.control)
        if (!names.contains(name)) told(name, "is in the package and was not planned");
}

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

Result<std::map<std::string, std::string>> md5_of(const std::vector<packers::PlannedEntry>& plan) {
    std::map<std::string, std::string> digests;
    for (const packers::PlannedEntry& planned : plan) {
        if (planned.entry.kind != EntryKind::file) continue;
        TRY_ASSIGN(digests[planned.entry.path], md5_file(planned.source));
    }
    return digests;
}

// With no target root to ask, every system library is taken to be there; which package brings it is
// a matter of the declared Depends.
class AnyTarget final : public TargetLibraries {
 public:
    std::optional<std::string> find(const std::string& soname, const ElfInfo& /*user*/) override {
        return "/lib/" + soname;
    }
    bool exists(const std::string& /*path*/) override { return false; }
};

// A package whose binaries need libraries of the system must depend on something.
void judge_needs(const Layer& layer, const LayerScan& scan, const Stanza& control,
                 Findings& findings) {
    const std::string* architecture = control.find("Architecture");
    const auto machine = machine_of(architecture == nullptr ? "" : *architecture);
    if (!machine) {
        if (!scan.files.empty())
            findings.push_back({"elf", scan.files.front().path,
                                fmt::format("a binary in a package of Architecture: {}",
                                            architecture == nullptr ? "" : *architecture),
                                ""});
        return;
    }
    AnyTarget any;
    const std::vector<LayerScan> scans = {scan};
    const Resolution resolution = resolve_needs({layer}, scans, *machine, any);
    const std::string* depends = control.find("Depends");
    if (!resolution.external.empty() && (depends == nullptr || depends->empty()))
        findings.push_back({"elf", resolution.external.front().user->path,
                            fmt::format("needs {}, and the package has no Depends",
                                        resolution.external.front().library),
                            ""});
}

Result<void> judge_alone(const VerifyDebInputs& inputs, const DebContents& deb,
                         const fs::path& scratch, Findings& findings) {
    for (const ArchiveEntry& entry : deb.data)
        if (entry.uid != 0 || entry.gid != 0)
            findings.push_back(
                {"owner", entry.entry.path,
                 fmt::format("belongs to {}:{}, not to root:root", entry.uid, entry.gid), ""});
    TRY_ASSIGN(const Layer layer, unpack(inputs.deb, scratch));
    const std::string prefix = prefix_of(layer);
    const LeakGate leaks(inputs.build_directories, prefix);
    TRY_ASSIGN(const LayerVerdict verdict, judge_layer(layer, leaks));
    findings.insert(findings.end(), verdict.findings.begin(), verdict.findings.end());
    // Which distribution is the user's own is not written in the package: what lies in
    // site-packages gets the doubt, all else does not.
    for (const Finding& warning : verdict.warnings)
        if (warning.path.find("/site-packages/") == std::string::npos) findings.push_back(warning);

    const std::vector<Layer> layers = {layer};
    const PackageTree tree(layers);
    std::set<std::string> declared = {"/dev/null"};
    const LayerEntry* python = tree.entry(prefix + "/bin/python3");
    if (python != nullptr && python->kind == EntryKind::symlink) {
        // PYTHON SYSTEM: the venv's own links lead to the host's interpreter.
        for (const LayerEntry& entry : layer.entries)
            if (entry.kind == EntryKind::symlink &&
                entry.path.starts_with(prefix + "/bin/python") &&
                entry.link_target.starts_with("/usr/bin/python"))
                declared.insert(entry.link_target);
    }
    // The archive's modes: unpacking may drop setuid bits.
    for (const ArchiveEntry& entry : deb.data) judge_mode(entry.entry, findings);
    for (const LayerEntry& entry : layer.entries) judge_link(entry, tree, declared, findings);
    for (const ScriptFact& script : verdict.scripts)
        judge_script(script, prefix, false, tree, nullptr, findings);
    for (const RecordFact& fact : verdict.records)
        if (auto finding =
                judge_record_row(fact.record, fact.path, fact.row, tree.entry(fact.path)))
            findings.push_back(std::move(*finding));

    TRY_ASSIGN(const auto md5, md5_of(layer));
    judge_md5sums(deb, md5, findings);
    TRY_ASSIGN(const LayerScan scan, scan_layer(layer));
    const auto control = deb.control.find("control");
    if (control != deb.control.end())
        if (const auto stanzas = parse_control(control->second, "control");
            stanzas && stanzas->size() == 1)
            judge_needs(layer, scan, stanzas->front(), findings);
    return {};
}

}  // namespace

Result<Findings> verify_deb(const VerifyDebInputs& inputs, System& system) {
    TRY_ASSIGN(const DebContents deb, read_deb(inputs.deb));
    Findings findings;
    judge_control(deb, findings);
    if (inputs.layers.empty()) {
        TRY_ASSIGN(const fs::path scratch, system.store.scratch("verify"));
        const auto judged = judge_alone(inputs, deb, scratch, findings);
        TRY(remove_tree(scratch));
        TRY(judged);
        return findings;
    }

    const auto plan = packers::flatten(inputs.layers);
    for (packers::Difference& difference : packers::compare(plan, deb.data))
        findings.push_back({"plan", difference.path, std::move(difference.message), ""});
    TRY_ASSIGN(const auto planned, packers::control_member(inputs.debian, plan));
    judge_control_files(deb, planned, findings);
    TRY_ASSIGN(const auto md5, md5_of(plan));
    judge_md5sums(deb, md5, findings);
    return findings;
}

}  // namespace dba::steps
