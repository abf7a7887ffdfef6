#include "steps/verify/installable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/debian/control.hpp"
#include "steps/verify/layer.hpp"
#include "system/debian/index.hpp"
#include "system/debian/installable.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::steps {
namespace {

constexpr int format_of_installable = 1;

Result<LayerReport> ask_apt(const std::vector<std::string>& relations, const RootOfSuite& place,
                            const std::string& architecture, System& system) {
    TRY_ASSIGN(const fs::path scratch, system.store.scratch("apt"));
    TRY_ASSIGN(const Installability apt,
               find_installable(relations, place.root, architecture, scratch,
                                clean_environment(scratch, 0), system.processes));
    TRY(remove_tree(scratch));
    LayerReport report;
    if (!apt.known) {
        system.log.warning("depends", fmt::format("the root of {} has no package lists: whether "
                                                  "apt can install what is needed was not asked",
                                                  place.suite));
        return report;
    }
    auto refused = apt.refused;
    refused.insert(refused.end(), apt.only_installed.begin(), apt.only_installed.end());
    for (const std::string& relation : refused)
        report.findings.push_back(
            {"depends", "", fmt::format("apt cannot install \"{}\" in {}", relation, place.suite),
             "a package of that suite, or alternatives (\"a | b\"), in DEPENDS"});
    if (!apt.said.empty() && !report.findings.empty())
        report.findings.back().message += "; its last lines:\n" + apt.said;
    return report;
}

}  // namespace

Result<std::vector<std::string>> relations_to_install(const fs::path& debian,
                                                      const fs::path& declarations) {
    const fs::path file = debian / "control";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(const auto stanzas, parse_control(text, file.string()));
    std::vector<std::string> out;
    for (const char* name : {"Pre-Depends", "Depends"}) {
        const std::string* field = stanzas.empty() ? nullptr : stanzas.front().find(name);
        if (field == nullptr) continue;
        TRY_ASSIGN(const auto relations, parse_relations(*field));
        for (const auto& alternatives : relations) {
            const bool comes_along = std::any_of(
                alternatives.begin(), alternatives.end(), [&](const Relation& relation) {
                    return !declarations.empty() &&
                           file_exists(declarations / (relation.package + ".declaration.json"));
                });
            if (!comes_along) out.push_back(to_text(alternatives));
        }
    }
    return out;
}

Result<Findings> check_installable(const InstallableInputs& inputs, const std::string& architecture,
                                   System& system) {
    TRY_ASSIGN(const auto relations, relations_to_install(inputs.debian, inputs.declarations));
    Findings findings;
    for (const RootOfSuite& place : inputs.roots) {
        const fs::path root = place.root;
        Receipt receipt{"depends-installable", format_of_installable};
        receipt.add("suite", place.suite)
            .add("architecture", architecture)
            .add("relations", relations)
            .add("lists", state_of_index(root / fs::path(apt_lists).relative_path()));
        TRY_ASSIGN(const std::string status, sha256_file(root / "var/lib/dpkg/status"));
        receipt.add("status", status);
        TRY_ASSIGN(const fs::path kept,
                   system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                       TRY_ASSIGN(const LayerReport report,
                                  ask_apt(relations, place, architecture, system));
                       return write_file(fresh / "verdict.json", to_json_text(report));
                   }));
        const fs::path file = kept / "verdict.json";
        TRY_ASSIGN(const std::string text, read_file(file));
        TRY_ASSIGN(const LayerReport report, parse_layer_report(text, file.string()));
        findings.insert(findings.end(), report.findings.begin(), report.findings.end());
    }
    return findings;
}

}  // namespace dba::steps
