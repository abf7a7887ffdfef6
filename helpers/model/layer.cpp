#include "model/layer.hpp"

#include "model/json.hpp"

namespace dba {

using nlohmann::json;

namespace {

constexpr const char* kind_names[] = {"directory", "file", "symlink"};

}  // namespace

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
    json entries = json::array();
    for (const auto& entry : layer.entries) {
        json item{{"path", json_from_bytes(entry.path)},
                  {"kind", kind_names[static_cast<int>(entry.kind)]}};
        if (entry.kind != EntryKind::symlink) item["mode"] = entry.mode;
        if (entry.kind == EntryKind::file) {
            item["size"] = entry.size;
            item["sha256"] = entry.sha256;
            if (!entry.hard_link.empty()) item["hard_link"] = json_from_bytes(entry.hard_link);
        }
        if (entry.kind == EntryKind::symlink) item["target"] = json_from_bytes(entry.link_target);
        entries.push_back(std::move(item));
    }
    // One line: a layer of 4,000 files is read at every build, and people read `inspect`.
    return json{{"format", Layer::format},
                {"name", layer.name},
                {"digest", layer.digest},
                {"entries", std::move(entries)}}
               .dump() +
           "\n";
}

Result<Layer> parse_layer(const std::string& text, const std::filesystem::path& directory) {
    const std::string file_name = (directory / "layer.json").string();
    TRY_ASSIGN(const auto value, parse_object(text, file_name, Layer::format));
    Layer layer;
    layer.directory = directory;
    std::optional<Error> error;
    ObjectReader reader(value, file_name, error);
    std::int64_t format = 0;
    reader.read("format", format);
    reader.read("name", layer.name);
    reader.read("digest", layer.digest);
    reader.array("entries", layer.entries, [&](ObjectReader& o, LayerEntry& entry) {
        std::string kind;
        std::int64_t mode = 0, size = 0;
        o.read_bytes("path", entry.path);
        o.read("kind", kind);
        o.read("mode", mode);
        o.read("size", size);
        o.read("sha256", entry.sha256);
        o.read_bytes("target", entry.link_target);
        o.read_bytes("hard_link", entry.hard_link);
        entry.mode = static_cast<unsigned>(mode);
        entry.size = static_cast<std::uint64_t>(size);
        if (kind == "directory")
            entry.kind = EntryKind::directory;
        else if (kind == "symlink")
            entry.kind = EntryKind::symlink;
        else if (kind != "file" && !error)
            error = Error{ExitCode::usage, {}, file_name, "has an entry of kind " + kind, {}};
    });
    reader.finish();
    if (error) return Failure(*error);
    return layer;
}

}  // namespace dba
