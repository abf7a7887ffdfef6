#include "needs/scan.hpp"

#include <string_view>
#include <utility>

#include "formats/debian/version.hpp"
#include "formats/python/opened_libraries.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

Result<bool> starts_like_elf(const fs::path& file) {
    TRY_ASSIGN(const std::string magic, read_head(file, 4));
    return looks_like_elf(magic);
}

bool has_part(const std::string& path, const char* part) {
    return path.find(part) != std::string::npos;
}

// Modules of the standard library open what their own package depends on, or what nobody needs.
bool is_application_module(const std::string& path) {
    if (!path.ends_with(".py") || path.ends_with("/setup.py") || has_part(path, "/tests/") ||
        has_part(path, "/test/"))
        return false;
    return !has_part(path, "/lib/python3") || has_part(path, "/site-packages/") ||
           has_part(path, "/dist-packages/");
}

// "python-magic" of "/x/site-packages/python_magic-0.4.dist-info/METADATA"; "" of anything else.
std::string distribution_of(const std::string& path) {
    constexpr std::string_view end = ".dist-info/METADATA";
    if (!path.ends_with(end)) return {};
    const std::string name = text::file_name(path.substr(0, path.size() - end.size()));
    return normalise_distribution(name.substr(0, name.find('-')));
}

Result<void> add_opened(const Layer& layer, const LayerEntry& entry, LayerScan& scan) {
    if (const std::string distribution = distribution_of(entry.path); !distribution.empty())
        for (const std::string& library : libraries_opened_by(distribution))
            scan.opened.push_back({library, entry.path});
    if (!is_application_module(entry.path)) return {};
    TRY_ASSIGN(const std::string source, read_file(layer.file(entry)));
    for (const std::string& library : opened_libraries(source))
        scan.opened.push_back({library, entry.path});
    return {};
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
        TRY(add_opened(layer, entry, scan));
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
    receipt.add("layer", layer).share(Sharing::anywhere);
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
