#include "formats/debian/alternatives.hpp"

#include <algorithm>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"

namespace dba {
namespace {

using Alternatives = std::vector<Relation>;

// Whether a host where `strong` holds is one where `weak` does.
bool implies(const Relation& strong, const Relation& weak) {
    if (strong == weak) return true;
    if (strong.package != weak.package || strong.architecture != weak.architecture ||
        strong.architectures != weak.architectures || strong.profiles != weak.profiles)
        return false;
    if (weak.op.empty()) return true;
    return weak.op == ">=" && (strong.op == ">=" || strong.op == ">>" || strong.op == "=") &&
           compare_debian_versions(strong.version, weak.version) >= 0;
}

bool implies(const Alternatives& strong, const Alternatives& weak) {
    return std::all_of(strong.begin(), strong.end(), [&](const Relation& one) {
        return std::any_of(weak.begin(), weak.end(),
                           [&](const Relation& other) { return implies(one, other); });
    });
}

// Of two that say the same at two versions the weaker one is left, in the first one's place.
Alternatives either(Alternatives all, const Alternatives& more) {
    for (const Relation& relation : more) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const Relation& one) {
            return implies(relation, one) || implies(one, relation);
        });
        if (known == all.end())
            all.push_back(relation);
        else if (implies(*known, relation))
            *known = relation;
    }
    return all;
}

std::vector<Alternatives> strongest(const std::vector<Alternatives>& all) {
    std::vector<Alternatives> left;
    for (const Alternatives& one : all) {
        const auto follows = [&](const Alternatives& other) { return implies(other, one); };
        if (std::any_of(left.begin(), left.end(), follows)) continue;
        std::erase_if(left, [&](const Alternatives& other) { return implies(one, other); });
        left.push_back(one);
    }
    return left;
}

std::vector<std::string> texts_of(const std::vector<Alternatives>& all) {
    std::vector<std::string> out;
    out.reserve(all.size());
    for (const Alternatives& one : all) out.push_back(to_text(one));
    return out;
}

}  // namespace

Result<std::vector<std::string>> merge_relations(const std::vector<std::string>& by_suite) {
    // (a and b) or (c and d) is (a or c) and (a or d) and (b or c) and (b or d).
    std::vector<Alternatives> merged;
    for (const std::string& text : by_suite) {
        TRY_ASSIGN(const auto here, parse_relations(text));
        if (here.empty()) continue;
        if (merged.empty()) {
            merged = here;
            continue;
        }
        std::vector<Alternatives> both;
        for (const Alternatives& before : merged)
            for (const Alternatives& one : here) both.push_back(either(before, one));
        merged = strongest(both);
    }
    return texts_of(merged);
}

Result<std::vector<std::string>> without_implied(const std::vector<std::string>& relations) {
    std::vector<Alternatives> all;
    for (const std::string& text : relations) {
        TRY_ASSIGN(const auto parsed, parse_relations(text));
        all.insert(all.end(), parsed.begin(), parsed.end());
    }
    return texts_of(strongest(all));
}

}  // namespace dba
