#include "build/found_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace dba {
namespace {

constexpr const char* in_every_root = "python3";

struct Entry {
    std::string asked_for;
    std::vector<std::string> alternatives;
};

bool lists_it(const FoundList& list, const std::string& relation) {
    return std::any_of(list.needed.begin(), list.needed.end(),
                       [&](const FoundPackage& one) { return one.relation == relation; });
}

bool lists_one_of(const FoundList& list, const Entry& entry) {
    return std::any_of(entry.alternatives.begin(), entry.alternatives.end(),
                       [&](const auto& relation) { return lists_it(list, relation); });
}

std::string package_of(const std::string& relation) {
    return relation.substr(0, relation.find_first_of(" (|[<:"));
}

}  // namespace

std::string build_depends_line(const std::vector<std::string>& relations) {
    std::string line = relations.empty() ? "" : "BUILD_DEPENDS";
    for (const std::string& relation : relations)
        line += relation.find_first_of(" ();<>|") == std::string::npos
                    ? " " + relation
                    : fmt::format(" \"{}\"", relation);
    return line;
}

std::vector<std::string> common_relations(
    const std::vector<FoundList>& lists,
    const std::function<bool(const FoundList& list, const std::string& package)>& has) {
    std::vector<Entry> entries;
    for (const FoundList& list : lists)
        for (const FoundPackage& one : list.needed) {
            const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
                return std::find(entry.alternatives.begin(), entry.alternatives.end(),
                                 one.relation) != entry.alternatives.end();
            });
            if (same != entries.end()) continue;
            const auto other =
                std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
                    return !one.asked_for.empty() && entry.asked_for == one.asked_for &&
                           !lists_one_of(list, entry);
                });
            if (other != entries.end())
                other->alternatives.push_back(one.relation);
            else
                entries.push_back({one.asked_for, {one.relation}});
        }
    std::vector<std::string> out;
    for (Entry& entry : entries) {
        const bool somewhere_none =
            std::any_of(lists.begin(), lists.end(), [&](const FoundList& list) {
                return !lists_one_of(list, entry) &&
                       std::none_of(
                           entry.alternatives.begin(), entry.alternatives.end(),
                           [&](const auto& relation) { return has(list, package_of(relation)); });
            });
        if (somewhere_none) entry.alternatives.emplace_back(in_every_root);
        out.push_back(fmt::format("{}", fmt::join(entry.alternatives, " | ")));
    }
    return out;
}

}  // namespace dba
