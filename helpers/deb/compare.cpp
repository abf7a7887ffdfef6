#include "deb/compare.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "formats/binary/gzip.hpp"

namespace dba::deb {
namespace {

void compare_entry(const LayerEntry& planned, const LayerEntry& made,
                   std::vector<Difference>& differences) {
    const auto differ = [&](std::string message) {
        differences.push_back({planned.path, std::move(message)});
    };
    if (planned.kind != made.kind)
        return differ(fmt::format("{} was planned, the package has {}", describe(planned.kind),
                                  describe(made.kind)));
    if (planned.kind == EntryKind::symlink) {
        if (planned.link_target != made.link_target)
            differ(fmt::format("a link to \"{}\" was planned, the package's leads to \"{}\"",
                               planned.link_target, made.link_target));
        return;
    }
    if (planned.mode != made.mode)
        differ(fmt::format("mode {:04o} was planned, the package has {:04o}", planned.mode,
                           made.mode));
    if (planned.kind == EntryKind::file && planned.sha256 != made.sha256)
        differ("its contents in the package are not the planned ones");
}

}  // namespace

std::vector<Difference> compare(const std::vector<PlannedEntry>& plan,
                                const std::vector<ArchiveEntry>& data) {
    std::map<std::string_view, const ArchiveEntry*> made;
    std::map<std::string, std::vector<Difference>> by_path;
    for (const ArchiveEntry& entry : data) {
        const std::string& path = entry.entry.path;
        if (!made.emplace(path, &entry).second)
            by_path[path].push_back({path, "is in the package twice"});
        if (entry.uid != 0 || entry.gid != 0 || (!entry.owner.empty() && entry.owner != "root") ||
            (!entry.group.empty() && entry.group != "root"))
            by_path[path].push_back(
                {path, fmt::format("belongs to {}:{} ({}:{}), not to root:root", entry.owner,
                                   entry.group, entry.uid, entry.gid)});
    }
    const auto files = made;  // `made` loses what was planned
    for (const PlannedEntry& planned : plan) {
        const std::string& path = planned.entry.path;
        const auto there = made.find(path);
        if (there == made.end()) {
            by_path[path].push_back({path, "was planned and is not in the package"});
            continue;
        }
        LayerEntry entry = there->second->entry;
        if (!there->second->hardlink_target.empty()) {
            // The archive keeps the bytes with the first of the names.
            if (const auto first = files.find(there->second->hardlink_target);
                first != files.end()) {
                entry.sha256 = first->second->entry.sha256;
                entry.kind = first->second->entry.kind;
            }
        }
        compare_entry(planned.entry, entry, by_path[path]);
        made.erase(there);
    }
    for (const auto& [path, entry] : made)
        if (path != "/")
            by_path[std::string(path)].push_back(
                {std::string(path), "is in the package and was not planned"});

    std::vector<Difference> differences;
    for (auto& [path, found] : by_path)
        differences.insert(differences.end(), found.begin(), found.end());
    return differences;
}

std::vector<Difference> compare(std::vector<PlannedEntry> plan, const DebContents& made,
                                const WrittenTexts& written) {
    if (written.empty()) return compare(plan, made.data);
    // Stands for "the text as planned" on either side.
    static const std::string same_text = "text";
    std::erase_if(plan, [&](const PlannedEntry& one) { return written.contains(one.entry.path); });
    for (const auto& [path, text] : written)
        plan.push_back({{path, EntryKind::file, 0644, 0, same_text, {}, {}}, "", ""});
    std::vector<ArchiveEntry> data = made.data;
    for (ArchiveEntry& entry : data) {
        const auto text = written.find(entry.entry.path);
        if (text == written.end() || !made.kept.contains(text->first)) continue;
        const Result<std::string> held = gunzip(made.kept.at(text->first));
        if (held && *held == text->second) entry.entry.sha256 = same_text;
    }
    return compare(plan, data);
}

}  // namespace dba::deb
