#include "steps/verify/layer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "formats/debian/version.hpp"
#include "formats/text/shebang.hpp"
#include "model/json.hpp"
#include "model/verify_report.hpp"
#include "steps/verify/python.hpp"
#include "steps/verify/secrets.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

using nlohmann::json;
using Index = std::unordered_map<std::string_view, const LayerEntry*>;

Findings findings_from(const json& all) {
    Findings findings;
    for (const json& one : all)
        findings.push_back({one.at("check").get<std::string>(),
                            bytes_from_json(one.at("path")).value_or(""),
                            bytes_from_json(one.at("message")).value_or(""),
                            bytes_from_json(one.at("hint")).value_or("")});
    return findings;
}

void check_record(const LayerEntry& entry, std::string_view bytes, const Index& index,
                  LayerReport& report) {
    const auto rows = parse_record(bytes, entry.path);
    if (!rows) {
        report.findings.push_back(
            {"record", entry.path, fmt::format("cannot be read: {}", rows.error().cause), ""});
        return;
    }
    for (const RecordRow& row : *rows) {
        const std::string path = recorded_path(entry.path, row);
        const auto here = index.find(path);
        if (here == index.end()) {
            report.records.push_back({entry.path, path, row});
        } else if (auto finding = check_record_row(entry.path, path, row, here->second)) {
            report.findings.push_back(std::move(*finding));
        }
    }
}

void check_file(const LayerEntry& entry, std::string_view bytes, const Index& index,
                const LeakGate& leaks, bool own, LayerReport& report) {
    leaks.judge(entry, bytes, report.findings, report.warnings);
    check_secrets(entry, bytes, own ? report.findings : report.warnings);
    if (entry.kind != EntryKind::file) return;
    if (is_record(entry.path)) check_record(entry, bytes, index, report);
    check_pyc(entry, bytes, report.findings);
    // Only what can be started: many modules carry a shebang that nobody follows.
    if ((entry.mode & 0111U) != 0)
        if (const auto shebang = parse_shebang(bytes))
            report.scripts.push_back({entry.path, shebang->interpreter, shebang->arguments});
}

}  // namespace

std::string to_json_text(const LayerReport& report) {
    json scripts = json::array();
    for (const ScriptFact& script : report.scripts)
        scripts.push_back({{"path", json_from_bytes(script.path)},
                           {"interpreter", json_from_bytes(script.interpreter)},
                           {"arguments", json_from_bytes(script.arguments)}});
    json records = json::array();
    for (const RecordFact& fact : report.records)
        records.push_back({{"record", json_from_bytes(fact.record)},
                           {"path", json_from_bytes(fact.path)},
                           {"hash", fact.row.hash},
                           {"size", fact.row.size}});
    return json_text({{"format", LayerReport::format},
                      {"findings", json_of(report.findings)},
                      {"warnings", json_of(report.warnings)},
                      {"scripts", std::move(scripts)},
                      {"records", std::move(records)}});
}

Result<LayerReport> parse_layer_report(const std::string& text, const std::string& file_name) {
    LayerReport report;
    try {
        const json value = json::parse(text);
        if (value.at("format") != LayerReport::format)
            return bad_input(file_name, "kept by another version of this program");
        report.findings = findings_from(value.at("findings"));
        report.warnings = findings_from(value.at("warnings"));
        for (const json& one : value.at("scripts"))
            report.scripts.push_back({bytes_from_json(one.at("path")).value_or(""),
                                      bytes_from_json(one.at("interpreter")).value_or(""),
                                      bytes_from_json(one.at("arguments")).value_or("")});
        for (const json& one : value.at("records")) {
            const std::string path = bytes_from_json(one.at("path")).value_or("");
            report.records.push_back({bytes_from_json(one.at("record")).value_or(""), path,
                                      RecordRow{path, one.at("hash").get<std::string>(),
                                                one.at("size").get<std::string>()}});
        }
    } catch (const json::exception& error) {
        return bad_input(file_name, error.what());
    }
    return report;
}

bool is_own(const Layer& layer, const Manifest& manifest) {
    // A distribution's layer is called after it and its version.
    const std::string distribution = layer.name.substr(0, layer.name.rfind(' '));
    return layer.name == "host" ||
           normalise_distribution(distribution) == normalise_distribution(manifest.project.name);
}

Result<LayerReport> check_layer(const Layer& layer, const LeakGate& leaks, bool own) {
    Index index;
    for (const LayerEntry& entry : layer.entries) index.emplace(entry.path, &entry);
    LayerReport report;
    for (const LayerEntry& entry : layer.entries) {
        std::string bytes;
        if (entry.kind == EntryKind::file) {
            TRY_ASSIGN(bytes, read_file(layer.file(entry)));
        }
        check_file(entry, bytes, index, leaks, own, report);
    }
    return report;
}

Result<KeptReport> check_layer(const Layer& layer, const LeakGate& leaks, bool own, Store& store) {
    Receipt receipt{"verify-layer",
                    LayerReport::format,
                    {{"layer", layer.digest},
                     {"own", own ? "yes" : "no"},
                     {"own_paths", fmt::format("{}", fmt::join(leaks.own(), "\n"))}}};
    for (const SearchedDirectory& directory : leaks.directories())
        receipt.inputs.emplace(
            "directory." + directory.path,
            directory.role + (directory.only_as_path ? ", where a path is used" : ""));
    KeptReport kept;
    TRY_ASSIGN(const fs::path directory,
               store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   kept.fresh = true;
                   TRY_ASSIGN(const LayerReport report, check_layer(layer, leaks, own));
                   return write_file(fresh / "verdict.json", to_json_text(report));
               }));
    const fs::path file = directory / "verdict.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(kept.report, parse_layer_report(text, file.string()));
    return kept;
}

}  // namespace dba::steps
