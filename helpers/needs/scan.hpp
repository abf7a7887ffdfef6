// What the ELF files of one layer say of themselves, and what its modules open; kept in the store
// under the layer's digest.
#pragma once

#include <string>
#include <vector>

#include "formats/binary/elf.hpp"
#include "model/layer.hpp"
#include "system/files/store.hpp"

namespace dba {

struct ElfFile {
    std::string path;  // on the target
    ElfInfo info;
};

template <class V>
void fields(V& v, ElfInfo& info) {
    v("is_64", info.is_64);
    v("machine", info.machine);
    v("type", info.type);
    v("soname", info.soname);
    v("interpreter", info.interpreter);
    v("needed", info.needed);
    v("rpath", info.rpath);
    v("runpath", info.runpath);
    v("version_needs", info.version_needs);
    v("version_definitions", info.version_definitions);
    v("undefined_symbols", info.undefined_symbols);
    v("weak_symbols", info.weak_symbols);
}

template <class V>
void fields(V& v, ElfFile& file) {
    v.bytes("path", file.path);
    fields(v, file.info);
}

// A library that a module opens by name while it runs: "magic", or "libfoo.so.1".
struct OpenedLibrary {
    std::string library;
    std::string path;  // of the module, or of the distribution's METADATA when it is a known one
};

template <class V>
void fields(V& v, OpenedLibrary& opened) {
    v("library", opened.library);
    v.bytes("path", opened.path);
}

struct LayerScan {
    static constexpr int format = 2;
    std::vector<ElfFile> files;  // sorted by path
    std::vector<OpenedLibrary> opened;
};

template <class V>
void fields(V& v, LayerScan& scan) {
    v.derived("format", LayerScan::format);
    v("files", scan.files);
    v("opened", scan.opened);
}

std::string to_json_text(const LayerScan& scan);
Result<LayerScan> parse_layer_scan(const std::string& json_text, const std::string& file_name);

// Reads every file of the layer that starts with ELF's magic number. A file that starts so but
// cannot be read on is no need of anybody's (test data of some distributions): left out. Of modules
// the standard library's and tests are.
Result<LayerScan> scan_layer(const Layer& layer);

// The file in the store that holds the layer's scan, made when there is none yet. Asked for in
// every build, so that the store keeps it.
Result<std::filesystem::path> keep_scan(const Layer& layer, Store& store);
Result<LayerScan> read_scan(const std::filesystem::path& file);

}  // namespace dba
