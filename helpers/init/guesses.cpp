#include "init/guesses.hpp"

#include <algorithm>

#include "formats/text/text.hpp"
#include "init/guess_services.hpp"
#include "init/guess_source.hpp"

namespace dba::init {

std::string package_name(const std::string& name) {
    std::string plain;
    for (const char c : name) {
        const char lower = text::to_lower(c);
        if (text::is_alnum(lower) || lower == '+' || lower == '.')
            plain += lower;
        else if (!plain.empty() && plain.back() != '-')
            plain += '-';
    }
    while (!plain.empty() && !text::is_alnum(plain.front())) plain.erase(0, 1);
    while (!plain.empty() && (plain.back() == '-' || plain.back() == '.')) plain.pop_back();
    return plain.size() < 2 ? std::string() : plain;
}

Draft guess(const Facts& facts, const Place& place, const Machine& machine,
            const std::string& name) {
    Draft draft;
    draft.name = name;
    Guessed guessed{facts, place, draft, false, {}};
    guess_source(guessed, machine);
    guess_services(guessed);
    guess_exclude(guessed);
    draft.entries.insert(draft.entries.end(), guessed.services.begin(), guessed.services.end());
    const bool has_suites =
        std::any_of(draft.entries.begin(), draft.entries.end(),
                    [](const Entry& entry) { return entry.words.starts_with("SUITES"); });
    if (!has_suites)
        draft.suggest(
            "SUITES bookworm trixie",
            "a package each, made in clean roots; without it one for this machine's suite");
    return draft;
}

}  // namespace dba::init
