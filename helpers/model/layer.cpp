#include "model/layer.hpp"

#include "model/json.hpp"

namespace dba {

std::string_view describe(EntryKind kind) {
    switch (kind) {
        case EntryKind::directory:
            return "a directory";
        case EntryKind::file:
            return "a file";
        case EntryKind::symlink:
            return "a symbolic link";
    }
    return "unknown";
}

std::string to_json_text(const Layer& layer) {
    // One line: a layer of 4,000 files is read at every build, and people read `inspect`.
    return json_of(layer).dump() + "\n";
}

Result<Layer> parse_layer(const std::string& text, const std::filesystem::path& directory) {
    TRY_ASSIGN(auto layer, from_json_text<Layer>(text, (directory / "layer.json").string()));
    layer.directory = directory;
    return layer;
}

}  // namespace dba
