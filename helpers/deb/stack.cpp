#include "deb/stack.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace dba::deb {
namespace {

// The parent directories of an absolute path, nearest first, without "/".
template <class Visit>
void each_parent(const std::string& path, Visit visit) {
    for (std::size_t slash = path.rfind('/'); slash != 0 && slash != std::string::npos;
         slash = path.rfind('/', slash - 1))
        if (!visit(path.substr(0, slash))) return;
}

std::string difference(const LayerEntry& a, const LayerEntry& b) {
    if (a.kind != b.kind) return fmt::format("{} and {}", describe(a.kind), describe(b.kind));
    if (a.kind == EntryKind::symlink && a.link_target != b.link_target)
        return fmt::format("a link to \"{}\" and a link to \"{}\"", a.link_target, b.link_target);
    if (a.kind == EntryKind::file && a.sha256 != b.sha256) return "different contents";
    if (a.kind == EntryKind::file && a.mode != b.mode)
        return fmt::format("mode {:04o} and mode {:04o}", a.mode, b.mode);
    return {};
}

}  // namespace

std::vector<PlannedEntry> flatten(const std::vector<Layer>& layers) {
    std::map<std::string, PlannedEntry> plan;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries)
            plan.try_emplace(entry.path,
                             PlannedEntry{entry, layer.name,
                                          entry.kind == EntryKind::file ? layer.file(entry)
                                                                        : std::filesystem::path{}});

    std::vector<std::string> paths;
    paths.reserve(plan.size());
    for (const auto& [path, planned] : plan) paths.push_back(path);
    for (const std::string& path : paths)
        each_parent(path, [&](std::string parent) {
            LayerEntry entry;
            entry.path = parent;
            entry.kind = EntryKind::directory;
            entry.mode = 0755;
            return plan.try_emplace(std::move(parent), PlannedEntry{entry, {}, {}}).second;
        });

    std::vector<PlannedEntry> flat;
    flat.reserve(plan.size());
    for (auto& [path, planned] : plan) flat.push_back(std::move(planned));
    return flat;
}

std::uint64_t installed_size_kib(const std::vector<PlannedEntry>& plan) {
    std::uint64_t total = 0;
    for (const PlannedEntry& planned : plan)
        if (planned.entry.hard_link.empty())
            total += planned.entry.kind == EntryKind::file ? (planned.entry.size + 1023) / 1024 : 1;
    return total;
}

Result<void> refuse_collisions(const std::vector<Layer>& layers) {
    struct Held {
        const Layer* layer;
        const LayerEntry* entry;
    };
    std::map<std::string_view, Held> held;
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            const auto [there, is_new] = held.try_emplace(entry.path, Held{&layer, &entry});
            if (is_new) continue;
            const std::string why = difference(*there->second.entry, entry);
            if (!why.empty())
                return bad_input(entry.path,
                                 fmt::format("both \"{}\" and \"{}\" hold this path: {}",
                                             there->second.layer->name, layer.name, why),
                                 "drop one of the two, or leave the path out with EXCLUDE");
        }
    }

    // A file or link of one layer where another one needs a directory that it does not list.
    for (const Layer& layer : layers) {
        for (const LayerEntry& entry : layer.entries) {
            const Held* in_the_way = nullptr;
            each_parent(entry.path, [&](const std::string& parent) {
                const auto there = held.find(parent);
                if (there == held.end()) return true;
                if (there->second.entry->kind != EntryKind::directory) in_the_way = &there->second;
                return false;
            });
            if (in_the_way != nullptr)
                return bad_input(
                    in_the_way->entry->path,
                    fmt::format("both \"{}\" and \"{}\" hold this path: {} and a directory",
                                in_the_way->layer->name, layer.name,
                                describe(in_the_way->entry->kind)),
                    "drop one of the two, or leave the path out with EXCLUDE");
        }
    }
    return {};
}

}  // namespace dba::deb
