// A layer: paths, contents and modes under the final root, addressed by what it was made from.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba {

enum class EntryKind { directory, file, symlink };
template <>
inline constexpr std::array<std::string_view, 3> choices_of<EntryKind> = {"directory", "file",
                                                                          "symlink"};
std::string_view describe(EntryKind kind);  // "a directory"

struct LayerEntry {
    std::string path;  // absolute on the target, "/opt/venvs/hello/bin/flask"; bytes, not text
    EntryKind kind = EntryKind::file;
    unsigned mode = 0;        // permission bits only; 0 for symlinks
    std::uint64_t size = 0;   // bytes, files only
    std::string sha256;       // hex, files only
    std::string link_target;  // symlinks only
    // Files only: where another name of the same file comes first (by path, in the same layer),
    // that name. Mode, size and sha256 are there all the same.
    std::string hard_link;
};

template <class V>
void fields(V& v, LayerEntry& entry) {
    v.bytes("path", entry.path);
    v("kind", entry.kind);
    if (v.wants(entry.kind != EntryKind::symlink)) v("mode", entry.mode);
    if (v.wants(entry.kind == EntryKind::file)) {
        v("size", entry.size);
        v("sha256", entry.sha256);
    }
    if (v.wants(!entry.hard_link.empty())) v.bytes("hard_link", entry.hard_link);
    if (v.wants(entry.kind == EntryKind::symlink)) v.bytes("target", entry.link_target);
}

// On disk: DIRECTORY/tree/<path without the leading slash> and DIRECTORY/layer.json.
struct Layer {
    static constexpr int format = 1;

    std::string name;                 // "interpreter", "host", or a distribution: "flask 3.0.3"
    std::string digest;               // hex, over name and entries (paths, modes, contents)
    std::filesystem::path directory;  // where it lies now; enters no digest
    std::vector<LayerEntry> entries;  // sorted by path (bytewise)

    [[nodiscard]] std::filesystem::path tree() const { return directory / "tree"; }
    [[nodiscard]] std::filesystem::path file(const LayerEntry& entry) const {
        return tree() / entry.path.substr(1);
    }
};

template <class V>
void fields(V& v, Layer& layer) {
    v.derived("format", Layer::format);
    v("name", layer.name);
    v("digest", layer.digest);
    v("entries", layer.entries);
}

std::string to_json_text(const Layer& layer);
Result<Layer> parse_layer(const std::string& json_text, const std::filesystem::path& directory);

}  // namespace dba
