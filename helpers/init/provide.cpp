#include "init/provide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace dba::init {
namespace {

std::optional<std::string> holder_of(const std::map<std::string, Names>& lists,
                                     const std::string& distribution) {
    for (const auto& [name, distributions] : lists)
        if (distributions.contains(distribution) && name != "dev" && name != "test" &&
            name != "tests" && name != "dev-packages")
            return name;
    return std::nullopt;
}

bool has_entry(const Draft& draft, const std::string& words) {
    return std::any_of(draft.entries.begin(), draft.entries.end(),
                       [&](const Entry& entry) { return entry.words == words; });
}

}  // namespace

void provide(Guessed& guessed, const std::string& distribution, const std::string& who) {
    const Facts& facts = guessed.facts;
    Draft& draft = guessed.draft;
    if (distribution.empty() || facts.needs(distribution)) return;
    if (const auto extra = holder_of(facts.extras, distribution)) {
        const std::string words = "EXTRAS " + *extra;
        if (!has_entry(draft, words))
            draft.add(words, fmt::format("{} is in this extra, for {}", distribution, who));
        return;
    }
    if (const auto group = holder_of(facts.groups, distribution)) {
        const std::string words = "GROUPS " + *group;
        if (!has_entry(draft, words))
            draft.add(words, fmt::format("{} is in this group, for {}", distribution, who));
        return;
    }
    const std::string file = distribution + ".txt";
    const std::string words = fmt::format("REQUIREMENTS ${{CMAKE_CURRENT_BINARY_DIR}}/{}", file);
    if (has_entry(draft, words)) return;
    const std::string asked = distribution == "fastapi" ? "fastapi[standard]" : distribution;
    draft.before.push_back(fmt::format("file(CONFIGURE OUTPUT {} CONTENT \"{}\\n\")", file, asked));
    draft.add(words, fmt::format("{} for {}: the project does not ask for it", distribution, who));
}

std::string known_among(const Facts& facts, const std::vector<std::string>& distributions) {
    for (const std::string& name : distributions)
        if (facts.needs(name)) return name;
    for (const std::string& name : distributions)
        if (holder_of(facts.extras, name) || holder_of(facts.groups, name)) return name;
    return {};
}

bool ship_as_folder(Guessed& guessed, const std::string& why) {
    if (guessed.folder) return true;
    const Facts& facts = guessed.facts;
    if (facts.backend.empty() && !facts.setup.requirements.empty() && facts.lock.empty())
        return false;
    guessed.folder = true;
    guessed.draft.add("LAYOUT folder", why);
    return true;
}

}  // namespace dba::init
