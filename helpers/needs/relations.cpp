#include "needs/relations.hpp"

#include <fmt/format.h>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"

namespace dba {

Result<std::vector<std::string>> RelationSet::add(const std::string& relations) {
    TRY_ASSIGN(const auto parsed, parse_relations(relations));
    std::vector<std::string> texts;
    for (const std::vector<Relation>& alternatives : parsed) {
        texts.push_back(to_text(alternatives));
        const Relation& first = alternatives.front();
        const bool plain = alternatives.size() == 1 && (first.op.empty() || first.op == ">=") &&
                           first.architecture.empty() && first.architectures.empty();
        if (!plain) {
            others_.insert(texts.back());
            continue;
        }
        std::string& kept = at_least_[first.package];
        if (!first.version.empty() &&
            (kept.empty() || compare_debian_versions(kept, first.version) < 0))
            kept = first.version;
    }
    return texts;
}

std::vector<std::string> RelationSet::sorted() const {
    std::set<std::string> all = others_;
    for (const auto& [package, version] : at_least_)
        all.insert(version.empty() ? package : fmt::format("{} (>= {})", package, version));
    return {all.begin(), all.end()};
}

}  // namespace dba
