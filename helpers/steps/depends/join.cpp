#include "steps/depends/join.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "formats/debian/alternatives.hpp"
#include "formats/debian/control.hpp"
#include "needs/relations.hpp"

namespace dba::steps {
namespace {

std::string relations_for(const std::vector<NeedAnswer>& answers, const std::string& need) {
    const auto found = std::find_if(answers.begin(), answers.end(),
                                    [&](const NeedAnswer& one) { return one.need == need; });
    return found == answers.end() ? std::string() : found->relations;
}

// What the suites have for `need`, the newest first.
std::vector<std::string> all_for(const JoinedSuites& joined,
                                 std::vector<NeedAnswer> SuiteAnswer::*kind,
                                 const std::string& need) {
    std::vector<std::string> out;
    for (auto suite = joined.answers.rbegin(); suite != joined.answers.rend(); ++suite)
        out.push_back(relations_for((*suite).*kind, need));
    return out;
}

// The packages of a suite that libraries bring along.
std::set<std::string> packages_of(const SuiteAnswer& suite) {
    std::set<std::string> packages;
    for (const NeedAnswer& answer : suite.libraries)
        if (const auto parsed = parse_relations(answer.relations))
            for (const auto& alternatives : *parsed) packages.insert(alternatives.front().package);
    return packages;
}

class Join {
 public:
    explicit Join(const JoinedSuites& joined) : joined_(joined) {}

    Result<void> add(std::vector<NeedAnswer> SuiteAnswer::*kind, const DependencyReason& reason) {
        TRY_ASSIGN(const auto merged, merge_relations(all_for(joined_, kind, reason.library)));
        for (const std::string& relation : merged) {
            TRY(relations_.add(relation));
            found_.reasons.push_back({relation, reason.library, reason.needed_by, reason.files});
        }
        return {};
    }

    Result<void> add_plain(const DependencyReason& reason) {
        TRY(relations_.add(reason.relation));
        found_.reasons.push_back(reason);
        return {};
    }

    // Not where a library brings the package along already.
    Result<void> add_opened(const DependencyReason& reason) {
        std::vector<std::string> texts;
        for (auto suite = joined_.answers.rbegin(); suite != joined_.answers.rend(); ++suite) {
            std::string package = relations_for(suite->opened, reason.library);
            if (!package.empty() && !packages_of(*suite).contains(package))
                texts.push_back(std::move(package));
        }
        TRY_ASSIGN(const auto merged, merge_relations(texts));
        for (const std::string& relation : merged) {
            recommends_.insert(relation);
            found_.reasons.push_back({relation, reason.library, reason.needed_by, reason.files});
        }
        return {};
    }

    Result<Dependencies> take() {
        TRY_ASSIGN(found_.depends, without_implied(relations_.sorted()));
        found_.recommends.assign(recommends_.begin(), recommends_.end());
        return std::move(found_);
    }

 private:
    const JoinedSuites& joined_;
    RelationSet relations_;
    std::set<std::string> recommends_;
    Dependencies found_;
};

}  // namespace

Result<Dependencies> join_dependencies(const LibraryNeeds& needs, const JoinedSuites& joined) {
    Join join(joined);
    for (const LibraryNeed& need : needs.libraries)
        TRY(join.add(&SuiteAnswer::libraries, {"", need.library, need.needed_by, need.files}));
    if (!needs.interpreter.empty())
        TRY(join.add(&SuiteAnswer::interpreter, {"", needs.interpreter, needs.interpreter}));
    for (const DependencyReason& module : needs.modules) TRY(join.add_plain(module));
    for (const DependencyReason& opened : needs.opened) TRY(join.add_opened(opened));
    TRY_ASSIGN(Dependencies found, join.take());
    found.static_built_using = needs.static_built_using;
    return found;
}

}  // namespace dba::steps
