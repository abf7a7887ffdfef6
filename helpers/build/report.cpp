#include "build/report.hpp"

#include <fmt/format.h>

#include "deb/stack.hpp"
#include "formats/debian/control.hpp"
#include "model/json.hpp"
#include "source/application_files.hpp"
#include "steps/lock/locked.hpp"
#include "steps/verify/layer.hpp"
#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba {
namespace {

using nlohmann::json;

constexpr int report_format = 1;

std::string kind_of(const Layer& layer, const Manifest& manifest) {
    if (layer.name == "interpreter" || layer.name == "host") return layer.name;
    return is_own(layer, manifest) ? "application" : "distribution";
}

json layers_json(const std::vector<Layer>& layers, const Manifest& manifest) {
    json all = json::array();
    for (const Layer& layer : layers) {
        std::uint64_t files = 0, bytes = 0;
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind == EntryKind::directory) continue;
            ++files;
            bytes += entry.size;
        }
        all.push_back({{"name", layer.name},
                       {"kind", kind_of(layer, manifest)},
                       {"files", files},
                       {"bytes", bytes}});
    }
    return all;
}

Result<json> lock_json(const fs::path& file) {
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(const auto pins, steps::parse_lock(text, file.string()));
    json all = json::array();
    for (const steps::LockedRequirement& pin : pins)
        all.push_back({{"name", pin.name},
                       {"version", pin.version},
                       {"requirement", redact_urls(pin.text)},
                       {"hashes", pin.hashes}});
    return all;
}

bool names_package(const std::string& relations, const std::string& package) {
    const auto parsed = parse_relations(relations);
    if (!parsed) return false;
    for (const auto& alternatives : *parsed)
        for (const Relation& relation : alternatives)
            if (relation.package == package) return true;
    return false;
}

// Each relation of Depends with why it is there.
Result<json> depends_json(const Manifest& manifest, const Dependencies& dependencies,
                          const fs::path& control) {
    TRY_ASSIGN(const std::string text, read_file(control));
    TRY_ASSIGN(const auto stanzas, parse_control(text, control.string()));
    json all = json::array();
    const std::string* field = stanzas.empty() ? nullptr : stanzas.front().find("Depends");
    if (field == nullptr) return all;
    TRY_ASSIGN(const auto relations, parse_relations(*field));
    for (const auto& alternatives : relations) {
        const std::string& package = alternatives.front().package;
        json reasons = json::array();
        for (const DependencyReason& reason : dependencies.reasons)
            if (names_package(reason.relation, package))
                reasons.push_back({{"library", reason.library},
                                   {"needed_by", json_from_bytes(reason.needed_by)}});
        const bool found = !reasons.empty();
        for (const std::string& declared : manifest.relations.depends)
            if (names_package(declared, package)) {
                reasons.push_back({{"declared", "DEPENDS " + declared}});
                break;
            }
        if (!found && package == "adduser") reasons.push_back({{"for", "the services' user"}});
        if (!found && package == "supervisor")
            reasons.push_back({{"for", "services with RUNNER supervisord"}});
        if (reasons.empty()) reasons.push_back({{"for", "the interpreter"}});
        all.push_back({{"relation", to_text(alternatives)}, {"reasons", std::move(reasons)}});
    }
    return all;
}

// What is recommended because modules open its libraries by name, and which.
json recommends_json(const Dependencies& dependencies) {
    json all = json::array();
    for (const std::string& package : dependencies.recommends) {
        json reasons = json::array();
        for (const DependencyReason& reason : dependencies.reasons)
            if (reason.relation == package)
                reasons.push_back({{"library", reason.library},
                                   {"needed_by", json_from_bytes(reason.needed_by)}});
        all.push_back({{"relation", package}, {"reasons", std::move(reasons)}});
    }
    return all;
}

json waivers_json(std::string_view check, const std::vector<Waiver>& waivers,
                  const VerifyReport& verified) {
    json all = json::array();
    for (const Waiver& waiver : waivers) {
        json hits = json::array();
        for (const WaivedFinding& waived : verified.waived)
            if (waived.finding.check == check && waived.waiver.glob == waiver.glob &&
                waived.waiver.reason == waiver.reason)
                hits.push_back({{"path", json_from_bytes(waived.finding.path)},
                                {"message", json_from_bytes(waived.finding.message)}});
        all.push_back({{"glob", waiver.glob}, {"reason", waiver.reason}, {"hits", hits}});
    }
    return all;
}

json inputs_json(const Manifest& manifest) {
    json source = manifest.source.is_git()
                      ? json{{"repository", redact_urls(manifest.source.repository)},
                             {"commit", manifest.source.commit},
                             {"subdir", manifest.source.subdir}}
                      : json{{"directory", json_from_bytes(manifest.source.directory)}};
    source["dirty"] = manifest.dirty;
    if (!manifest.declared.uncommitted.empty()) {
        json& files = source["uncommitted"] = json::array();
        for (const std::string& file : manifest.declared.uncommitted)
            files.push_back(json_from_bytes(file));
    }
    const Project& project = manifest.project;
    return {{"source", source},
            {"layout", {{"is", word_of(project.layout)}, {"reason", project.layout_reason}}},
            {"source_date_epoch", manifest.source_date_epoch},
            {"packer", word_of(manifest.packer)},
            {"compression", word_of(manifest.compression)},
            {"target",
             {{"name", manifest.target.name},
              {"root", json_from_bytes(manifest.target.root)},
              {"state", manifest.target.state_digest}}}};
}

}  // namespace

Result<json> make_report(const Manifest& manifest, const ReportInputs& inputs) {
    const auto plan = deb::flatten(inputs.layers);
    TRY_ASSIGN(const std::uint64_t deb_bytes, size_of_file(inputs.deb));
    json report{
        {"format", report_format},
        {"package",
         {{"name", manifest.name},
          {"version", manifest.version},
          {"architecture", manifest.target.architecture},
          {"prefix", manifest.prefix},
          {"deb", json_from_bytes(inputs.deb.string())},
          {"deb_bytes", deb_bytes},
          {"installed_kib", deb::installed_size_kib(plan)}}},
        {"layers", layers_json(inputs.layers, manifest)},
        {"trimmed", json::object()},
        {"static_built_using", inputs.dependencies.static_built_using},
        {"leak_waivers", waivers_json("leak", manifest.leak_waivers, inputs.verified)},
        {"secret_waivers", waivers_json("secret", manifest.secret_waivers, inputs.verified)},
        {"warnings", json_of(inputs.verified.warnings)},
        {"searched", json_of(inputs.verified.searched)},
        {"installer",
         {{"kind", word_of(manifest.installer.kind)},
          {"version", manifest.installer.version},
          {"args", json::parse(redact_urls(json(manifest.installer.args).dump()))}}},
        {"python",
         {{"mode", manifest.python.bundled ? "BUNDLED" : "SYSTEM"},
          {"version", manifest.python.full_version},
          {"executable", manifest.python.executable},
          {"libraries", manifest.python.libraries_bundled ? "BUNDLED" : "SYSTEM"}}},
        {"inputs", inputs_json(manifest)}};
    if (path_exists(inputs.trimmed)) {
        TRY_ASSIGN(const std::string text, read_file(inputs.trimmed));
        const json trimmed = json::parse(text, nullptr, false);
        if (!trimmed.is_object() || !trimmed.contains("parts"))
            return bad_input(inputs.trimmed.string(), "cannot be read",
                             "remove the work directory and build again");
        report["trimmed"] = trimmed["parts"];
    }
    TRY_ASSIGN(report["lock"], lock_json(inputs.lock));
    report["recommends"] = recommends_json(inputs.dependencies);
    TRY_ASSIGN(report["depends"],
               depends_json(manifest, inputs.dependencies, inputs.debian / "control"));
    return report;
}

Result<json> read_report(const fs::path& work, const std::string& name) {
    const fs::path file = work / "report.json";
    if (!path_exists(file))
        return bad_input(name, "there is no finished build of it in " + work.string(),
                         fmt::format("build it first: cmake --build . --target {}-deb", name));
    TRY_ASSIGN(const std::string text, read_file(file));
    json report = json::parse(text, nullptr, false);
    if (!report.is_object() || report.value("format", 0) != report_format)
        return bad_input(file.string(), "was kept by another version of this program",
                         "build the package again");
    return report;
}

}  // namespace dba
