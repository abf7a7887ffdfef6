// A layer: paths, contents and modes under the final root, addressed by what it was made from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

enum class EntryKind { directory, file, symlink };
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

std::string to_json_text(const Layer& layer);
Result<Layer> parse_layer(const std::string& json_text, const std::filesystem::path& directory);

}  // namespace dba
