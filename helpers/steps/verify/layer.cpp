#include "steps/verify/layer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "formats/debian/version.hpp"
#include "formats/text/shebang.hpp"
#include "model/json.hpp"
#include "model/judgement.hpp"
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

void judge_record(const LayerEntry& entry, std::string_view bytes, const Index& index,
                  LayerVerdict& verdict) {
    const auto rows = parse_record(bytes, entry.path);
    if (!rows) {
        verdict.findings.push_back(
            {"record", entry.path, fmt::format("cannot be read: {}", rows.error().cause), ""});
        return;
    }
    for (const RecordRow& row : *rows) {
        const std::string path = recorded_path(entry.path, row);
        const auto here = index.find(path);
        if (here == index.end()) {
            verdict.records.push_back({entry.path, path, row});
        } else if (auto finding = judge_record_row(entry.path, path, row, here->second)) {
            verdict.findings.push_back(std::move(*finding));
        }
    }
}

void judge_file(const LayerEntry& entry, std::string_view bytes, const Index& index,
                const LeakGate& leaks, bool own, LayerVerdict& verdict) {
    leaks.judge(entry, bytes, verdict.findings, verdict.warnings);
    judge_secrets(entry, bytes, own ? verdict.findings : verdict.warnings);
    if (entry.kind != EntryKind::file) return;
    if (is_record(entry.path)) judge_record(entry, bytes, index, verdict);
    judge_pyc(entry, bytes, verdict.findings);
    // Only what can be started: many modules carry a shebang that nobody follows.
    if ((entry.mode & 0111U) != 0)
        if (const auto shebang = parse_shebang(bytes))
            verdict.scripts.push_back({entry.path, shebang->interpreter, shebang->arguments});
}

}  // namespace

std::string to_json_text(const LayerVerdict& verdict) {
    json scripts = json::array();
    for (const ScriptFact& script : verdict.scripts)
        scripts.push_back({{"path", json_from_bytes(script.path)},
                           {"interpreter", json_from_bytes(script.interpreter)},
                           {"arguments", json_from_bytes(script.arguments)}});
    json records = json::array();
    for (const RecordFact& fact : verdict.records)
        records.push_back({{"record", json_from_bytes(fact.record)},
                           {"path", json_from_bytes(fact.path)},
                           {"hash", fact.row.hash},
                           {"size", fact.row.size}});
    return json_text({{"format", LayerVerdict::format},
                      {"findings", json_of(verdict.findings)},
                      {"warnings", json_of(verdict.warnings)},
                      {"scripts", std::move(scripts)},
                      {"records", std::move(records)}});
}

Result<LayerVerdict> parse_layer_verdict(const std::string& text, const std::string& file_name) {
    LayerVerdict verdict;
    try {
        const json value = json::parse(text);
        if (value.at("format") != LayerVerdict::format)
            return bad_input(file_name, "kept by another version of this program");
        verdict.findings = findings_from(value.at("findings"));
        verdict.warnings = findings_from(value.at("warnings"));
        for (const json& one : value.at("scripts"))
            verdict.scripts.push_back({bytes_from_json(one.at("path")).value_or(""),
                                       bytes_from_json(one.at("interpreter")).value_or(""),
                                       bytes_from_json(one.at("arguments")).value_or("")});
        for (const json& one : value.at("records")) {
            const std::string path = bytes_from_json(one.at("path")).value_or("");
            verdict.records.push_back({bytes_from_json(one.at("record")).value_or(""), path,
                                       RecordRow{path, one.at("hash").get<std::string>(),
                                                 one.at("size").get<std::string>()}});
        }
    } catch (const json::exception& error) {
        return bad_input(file_name, error.what());
    }
    return verdict;
}

bool is_own(const Layer& layer, const Manifest& manifest) {
    // A distribution's layer is called after it and its version.
    const std::string distribution = layer.name.substr(0, layer.name.rfind(' '));
    return layer.name == "host" ||
           normalise_distribution(distribution) == normalise_distribution(manifest.project.name);
}

Result<LayerVerdict> judge_layer(const Layer& layer, const LeakGate& leaks, bool own) {
    Index index;
    for (const LayerEntry& entry : layer.entries) index.emplace(entry.path, &entry);
    LayerVerdict verdict;
    for (const LayerEntry& entry : layer.entries) {
        std::string bytes;
        if (entry.kind == EntryKind::file) {
            TRY_ASSIGN(bytes, read_file(layer.file(entry)));
        }
        judge_file(entry, bytes, index, leaks, own, verdict);
    }
    return verdict;
}

Result<KeptVerdict> judge_layer(const Layer& layer, const LeakGate& leaks, bool own, Store& store) {
    Receipt receipt{"verify-layer",
                    LayerVerdict::format,
                    {{"layer", layer.digest},
                     {"own", own ? "yes" : "no"},
                     {"own_paths", fmt::format("{}", fmt::join(leaks.own(), "\n"))}}};
    for (const SearchedDirectory& directory : leaks.directories())
        receipt.inputs.emplace(
            "directory." + directory.path,
            directory.role + (directory.only_as_path ? ", where a path is used" : ""));
    KeptVerdict kept;
    TRY_ASSIGN(const fs::path directory,
               store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   kept.fresh = true;
                   TRY_ASSIGN(const LayerVerdict verdict, judge_layer(layer, leaks, own));
                   return write_file(fresh / "verdict.json", to_json_text(verdict));
               }));
    const fs::path file = directory / "verdict.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(kept.verdict, parse_layer_verdict(text, file.string()));
    return kept;
}

}  // namespace dba::steps
