#include "needs/tree.hpp"

#include <map>
#include <utility>

#include "formats/debian/control.hpp"
#include "formats/python/record.hpp"
#include "formats/text/text.hpp"
#include "system/files/archive.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"

namespace dba {
namespace {

Result<std::string> architecture_of(const fs::path& deb) {
    TRY_ASSIGN(const DebContents contents, read_deb(deb));
    const auto control = contents.control.find("control");
    if (control == contents.control.end())
        return bad_input(deb.string(), "has no control file", "name a .deb");
    TRY_ASSIGN(const auto stanzas, parse_control(control->second, "control"));
    const std::string* field = stanzas.empty() ? nullptr : stanzas[0].find("Architecture");
    return field == nullptr || *field == "all" ? "" : *field;
}

// Path -> the distribution that lists it, numbered. A RECORD that cannot be read groups nothing.
std::map<std::string, std::size_t> distributions_of(const Layer& layer) {
    std::map<std::string, std::size_t> owners;
    std::size_t number = 0;
    for (const LayerEntry& entry : layer.entries) {
        if (entry.kind != EntryKind::file || !entry.path.ends_with(".dist-info/RECORD")) continue;
        const auto bytes = read_file(layer.file(entry));
        if (!bytes) continue;
        const auto rows = parse_record(*bytes, entry.path);
        if (!rows) continue;
        const fs::path site = fs::path(entry.path).parent_path().parent_path();
        for (const RecordRow& row : *rows)
            owners.emplace((site / row.path).lexically_normal().string(), number);
        ++number;
    }
    return owners;
}

std::vector<LayerScan> grouped(LayerScan whole, const Layer& layer) {
    const auto owners = distributions_of(layer);
    std::map<std::size_t, LayerScan> distributions;
    std::vector<LayerScan> scans(1);
    scans.front().opened = std::move(whole.opened);
    for (ElfFile& file : whole.files) {
        const auto owner = owners.find(file.path);
        LayerScan& scan =
            owner == owners.end() ? scans.emplace_back() : distributions[owner->second];
        scan.files.push_back(std::move(file));
    }
    for (auto& [number, scan] : distributions) scans.push_back(std::move(scan));
    return scans;
}

Result<std::vector<std::string>> configured(const Layer& layer) {
    std::vector<std::string> directories;
    for (const LayerEntry& entry : layer.entries) {
        if (entry.kind != EntryKind::file || !entry.path.starts_with("/etc/ld.so.conf.d/") ||
            !entry.path.ends_with(".conf"))
            continue;
        TRY_ASSIGN(const std::string bytes, read_file(layer.file(entry)));
        text::Lines lines(bytes);
        for (std::string_view line; lines.next(line);)
            if (const auto directory = text::trim(line); directory.starts_with('/'))
                directories.emplace_back(directory);
    }
    return directories;
}

}  // namespace

Result<AnyTree> read_tree(const fs::path& path, const fs::path& scratch) {
    AnyTree tree;
    tree.name = path.string();
    tree.layer.name = "tree";
    tree.layer.directory = scratch;
    if (directory_exists(path)) {
        // A layer's files lie in a directory "tree": they are read where they are.
        TRY(make_symlink(fs::absolute(path).lexically_normal(), tree.layer.tree()));
    } else if (file_exists(path)) {
        TRY_ASSIGN(tree.architecture, architecture_of(path));
        TRY(make_directories(tree.layer.tree()));
        TRY(extract_deb(path, tree.layer.tree()));
    } else {
        return bad_input(path.string(), "is neither a directory nor a file",
                         "name a .deb, or a directory that holds files at their final paths");
    }
    TRY_ASSIGN(tree.layer.entries, list_tree(fs::canonical(tree.layer.tree()), "", false));
    TRY_ASSIGN(LayerScan whole, scan_layer(tree.layer));
    tree.scans = grouped(std::move(whole), tree.layer);
    TRY_ASSIGN(tree.configured_directories, configured(tree.layer));
    return tree;
}

}  // namespace dba
