#include "needs/scan.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/json.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

using nlohmann::json;

json to_json(const ElfInfo& info) {
    return {{"is_64", info.is_64},
            {"machine", info.machine},
            {"type", info.type},
            {"soname", info.soname},
            {"interpreter", info.interpreter},
            {"needed", info.needed},
            {"rpath", info.rpath},
            {"runpath", info.runpath},
            {"version_needs", info.version_needs},
            {"version_definitions", info.version_definitions},
            {"undefined_symbols", info.undefined_symbols},
            {"weak_symbols", info.weak_symbols}};
}

ElfInfo elf_from(const json& value) {
    ElfInfo info;
    value.at("is_64").get_to(info.is_64);
    value.at("machine").get_to(info.machine);
    value.at("type").get_to(info.type);
    value.at("soname").get_to(info.soname);
    value.at("interpreter").get_to(info.interpreter);
    value.at("needed").get_to(info.needed);
    value.at("rpath").get_to(info.rpath);
    value.at("runpath").get_to(info.runpath);
    value.at("version_needs").get_to(info.version_needs);
    value.at("version_definitions").get_to(info.version_definitions);
    value.at("undefined_symbols").get_to(info.undefined_symbols);
    value.at("weak_symbols").get_to(info.weak_symbols);
    return info;
}

Result<bool> starts_like_elf(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return system_error(file.string(), "cannot be opened");
    std::string magic(4, '\0');
    in.read(magic.data(), 4);
    return in.gcount() == 4 && looks_like_elf(magic);
}

}  // namespace

std::string to_json_text(const LayerScan& scan) {
    json files = json::array();
    for (const ElfFile& file : scan.files) {
        json one = to_json(file.info);
        one["path"] = json_from_bytes(file.path);
        files.push_back(std::move(one));
    }
    // A symbol that is not UTF-8 is in no symbols file either: what replaces it matters to nobody.
    return json{{"format", LayerScan::format}, {"files", std::move(files)}}.dump(
        1, ' ', false, json::error_handler_t::replace);
}

Result<LayerScan> parse_layer_scan(const std::string& json_text, const std::string& file_name) {
    LayerScan scan;
    try {
        const json value = json::parse(json_text);
        if (value.at("format") != LayerScan::format)
            return bad_input(file_name, "kept by another version of this program");
        for (const json& one : value.at("files")) {
            ElfFile file;
            const auto path = bytes_from_json(one.at("path"));
            if (!path) return bad_input(file_name, "\"path\" is no path");
            file.path = *path;
            file.info = elf_from(one);
            scan.files.push_back(std::move(file));
        }
    } catch (const json::exception& error) {
        return bad_input(file_name, error.what());
    }
    return scan;
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
    const Receipt receipt{"depends-scan", LayerScan::format, {{"layer", layer.digest}}};
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
