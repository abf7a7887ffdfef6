#include "steps/resolve/unit_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "formats/text/text.hpp"

namespace dba::steps {

namespace {

constexpr std::array<std::string_view, 9> shorthands = {"minutely", "hourly",    "daily",
                                                        "monthly",  "weekly",    "yearly",
                                                        "annually", "quarterly", "semiannually"};
constexpr std::array<std::string_view, 7> weekdays = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 10> unit_suffixes = {
    ".service", ".socket", ".device", ".mount", ".automount",
    ".swap",    ".target", ".path",   ".timer", ".slice"};

std::string lower(std::string_view text) {
    std::string out;
    for (const char byte : text)
        out += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    return out;
}

// 1 for Monday, 7 for Sunday, 0 for no day.
int weekday(std::string_view word) {
    const auto day = std::find_if(weekdays.begin(), weekdays.end(), [&](std::string_view one) {
        return word == one || word == one.substr(0, 3);
    });
    return day == weekdays.end() ? 0 : static_cast<int>(day - weekdays.begin()) + 1;
}

// "Mon", "Mon,Wed", "Mon..Fri,Sun"
bool are_weekdays(std::string_view word) {
    const std::string lowered = lower(word);
    for (const std::string_view range : text::split(lowered, ',')) {
        const std::size_t dots = range.find("..");
        const int first = weekday(range.substr(0, dots));
        if (first == 0) return false;
        if (dots != std::string_view::npos && weekday(range.substr(dots + 2)) <= first)
            return false;
    }
    return true;
}

// A number, "*", "1..5", "0/15", and several with commas; each number is `most` at most.
bool is_component(std::string_view component, int most, bool fractions) {
    for (const std::string_view range : text::split(component, ',')) {
        const std::size_t slash = range.find('/');
        const std::string_view place = range.substr(0, slash);
        std::vector<std::string_view> numbers;
        if (slash != std::string::npos) numbers.push_back(range.substr(slash + 1));
        if (const std::size_t dots = place.find(".."); dots != std::string::npos) {
            numbers.push_back(place.substr(0, dots));
            numbers.push_back(place.substr(dots + 2));
        } else if (place != "*") {
            numbers.push_back(place);
        } else if (slash != std::string_view::npos) {
            return false;
        }
        for (const std::string_view number : numbers) {
            std::string_view whole = number;
            if (const std::size_t dot = number.find('.'); fractions && dot != std::string::npos) {
                whole = number.substr(0, dot);
                if (dot + 1 == number.size() ||
                    !text::all_of(number.substr(dot + 1), text::is_digit))
                    return false;
            }
            if (whole.empty() || whole.size() > 4 || !text::all_of(whole, text::is_digit) ||
                text::leading_number(whole) > most)
                return false;
        }
    }
    return !component.empty();
}

// "*-*-*", "2027-01-01", "*-02~03", "01-15"
bool is_date(std::string_view word) {
    if (word.find_first_of("-~") == std::string_view::npos) return false;
    std::string dashes(word);
    std::replace(dashes.begin(), dashes.end(), '~', '-');
    const auto parts = text::split(dashes, '-');
    if (parts.size() != 2 && parts.size() != 3) return false;
    const std::array<int, 3> most = {9999, 12, 31};
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (!is_component(parts[i], most.at(i + 3 - parts.size()), false)) return false;
    return true;
}

// "02:00", "*:0/15", "4:5:6.5"
bool is_time(std::string_view word) {
    const auto parts = text::split(word, ':');
    if (parts.size() != 2 && parts.size() != 3) return false;
    return is_component(parts[0], 23, false) && is_component(parts[1], 59, false) &&
           (parts.size() == 2 || is_component(parts[2], 59, true));
}

// "UTC", "Europe/Berlin"
bool is_zone(std::string_view word) {
    return word == "UTC" || (word.find('/') != std::string_view::npos && text::is_alnum(word[0]) &&
                             text::all_of(word, [](char byte) {
                                 return text::is_alnum(byte) || byte == '/' || byte == '_' ||
                                        byte == '-' || byte == '+';
                             }));
}

bool is_unit_name(const std::string& name) {
    return !name.empty() && name.size() < 256 && text::all_of(name, [](char byte) {
        return text::is_alnum(byte) ||
               std::string_view(":-_.\\@").find(byte) != std::string_view::npos;
    });
}

}  // namespace

bool is_calendar(const std::string& text) {
    std::vector<std::string_view> words;
    for (const std::string_view word : text::split(text, ' '))
        if (!word.empty()) words.push_back(word);
    if (words.empty()) return false;
    std::size_t at = 0;
    const auto take = [&](bool fits) { at += fits ? 1 : 0; };
    const auto left = [&] { return at < words.size(); };
    const std::string first = lower(words[0]);
    if (std::find(shorthands.begin(), shorthands.end(), first) != shorthands.end()) {
        at = 1;
    } else {
        take(are_weekdays(words[at]));
        if (left()) take(is_date(words[at]));
        if (left()) take(is_time(words[at]));
        if (at == 0) return false;
    }
    if (left()) take(is_zone(words[at]));
    return !left();
}

Result<std::vector<std::string>> resolve_units(const std::vector<std::string>& names,
                                               const std::vector<ResolvedService>& services,
                                               const std::string& subject,
                                               const std::string& keyword) {
    std::vector<std::string> units;
    for (const std::string& name : names) {
        const auto own = std::find_if(services.begin(), services.end(),
                                      [&](const ResolvedService& one) { return one.name == name; });
        if (own != services.end()) {
            if (own->runner != Runner::systemd)
                return bad_input(subject,
                                 fmt::format("{} {}: that service is under {}, which no unit can "
                                             "wait for",
                                             keyword, name, word_of(own->runner)),
                                 fmt::format("say RUNNER systemd in SERVICE {}, too", name));
            units.push_back(own->program);
            continue;
        }
        if (!is_unit_name(name))
            return bad_input(subject, fmt::format("{} '{}' is no name of a unit", keyword, name),
                             "for example postgresql.service");
        const bool has_suffix =
            std::any_of(unit_suffixes.begin(), unit_suffixes.end(),
                        [&](std::string_view suffix) { return name.ends_with(suffix); });
        units.push_back(has_suffix ? name : name + ".service");
    }
    return units;
}

}  // namespace dba::steps
