#include "needs/scan.hpp"

#include <utility>

#include "model/json.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

Result<bool> starts_like_elf(const fs::path& file) {
    TRY_ASSIGN(const std::string magic, read_head(file, 4));
    return looks_like_elf(magic);
}

}  // namespace

std::string to_json_text(const LayerScan& scan) {
    // A symbol that is not UTF-8 is in no symbols file either: what replaces it matters to nobody.
    return json_of(scan).dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<LayerScan> parse_layer_scan(const std::string& json_text, const std::string& file_name) {
    return from_json_text<LayerScan>(json_text, file_name, Absent::refused);
}

Result<LayerScan> scan_layer(const Layer& layer) {
    LayerScan scan;
    for (const LayerEntry& entry : layer.entries) {
        if (entry.kind != EntryKind::file || entry.size < 4) continue;
        const fs::path file = layer.file(entry);
        TRY_ASSIGN(const bool is_elf, starts_like_elf(file));
        if (!is_elf) continue;
        TRY_ASSIGN(const std::string bytes, read_file(file));
        auto info = parse_elf(bytes, entry.path);
        if (info) scan.files.push_back({entry.path, std::move(*info)});
    }
    return scan;
}

Result<fs::path> keep_scan(const Layer& layer, Store& store) {
    Receipt receipt{"depends-scan", LayerScan::format};
    receipt.add("layer", layer);
    TRY_ASSIGN(const fs::path kept,
               store.obtain(receipt, [&layer](const fs::path& fresh) -> Result<void> {
                   TRY_ASSIGN(const LayerScan scan, scan_layer(layer));
                   return write_file(fresh / "elf.json", to_json_text(scan));
               }));
    return kept / "elf.json";
}

Result<LayerScan> read_scan(const fs::path& file) {
    TRY_ASSIGN(const std::string text, read_file(file));
    return parse_layer_scan(text, file.string());
}

}  // namespace dba
