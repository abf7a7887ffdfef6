#include "steps/verify/layer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unordered_map>
#include <utility>

#include "formats/text/shebang.hpp"
#include "formats/text/visible.hpp"
#include "model/json.hpp"
#include "model/verify_report.hpp"
#include "steps/verify/python.hpp"
#include "steps/verify/secrets.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

using Index = std::unordered_map<std::string_view, const LayerEntry*>;

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
    return json_text(json_of(report));
}

Result<LayerReport> parse_layer_report(const std::string& text, const std::string& file_name) {
    TRY_ASSIGN(auto report, from_json_text<LayerReport>(text, file_name, Absent::refused));
    for (RecordFact& fact : report.records) fact.row.path = fact.path;
    return report;
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

Result<LayerReport> check_layer(const Layer& layer, const LeakGate& leaks, bool own, Store& store,
                                Log& log) {
    Receipt receipt{"verify-layer", LayerReport::format};
    receipt.add("layer", layer)
        .add("own", own)
        .add("own_paths", leaks.own())
        .share(Sharing::anywhere);
    for (const SearchedDirectory& directory : leaks.directories())
        receipt.add("directory." + directory.path,
                    directory.role + (directory.only_as_path ? ", where a path is used" : "") +
                        (directory.only_if_there ? ", what is there" : ""));
    TRY_ASSIGN(const fs::path directory,
               store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY_ASSIGN(const LayerReport report, check_layer(layer, leaks, own));
                   for (const Finding& warning : report.warnings)
                       log.warning("verify", fmt::format("{} ({}): {}", text::visible(warning.path),
                                                         layer.name, warning.message));
                   return write_file(fresh / "verdict.json", to_json_text(report));
               }));
    const fs::path file = directory / "verdict.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    return parse_layer_report(text, file.string());
}

}  // namespace dba::steps
