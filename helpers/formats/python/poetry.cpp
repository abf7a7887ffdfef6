#include "formats/python/poetry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "formats/python/requirement.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

// One part between commas.
std::string as_specifiers(std::string_view part) {
    part = text::trim(part);
    if (part == "*") return {};
    const bool caret = part.starts_with('^');
    const bool tilde = part.starts_with('~') && !part.starts_with("~=");
    if (!caret && !tilde)
        return text::is_digit(part.front()) ? "==" + std::string(part) : std::string(part);
    const auto version = text::trim(part.substr(1));
    std::vector<std::string> numbers;
    for (const auto number : text::split(version, '.')) numbers.emplace_back(number);
    // The first number that counts: ^0.2.3 is <0.3, ~1.2.3 is <1.3, ~1 is <2.
    std::size_t last = tilde && numbers.size() > 1 ? 1 : 0;
    while (caret && last + 1 < numbers.size() && numbers[last] == "0") ++last;
    numbers.resize(last + 1);
    std::uint32_t number = 0;
    const char* const end = numbers.back().data() + numbers.back().size();
    if (std::from_chars(numbers.back().data(), end, number).ec == std::errc::result_out_of_range)
        return std::string(part);  // which is no specifier, and refused as none
    numbers.back() = std::to_string(std::uint64_t{number} + 1);
    return fmt::format(">={},<{}", version, fmt::join(numbers, "."));
}

std::string all_specifiers(std::string_view one) {
    std::string specifiers;
    // Poetry takes a space for a comma: ">=1 <2".
    std::string spaced(one);
    for (std::size_t i = 1; i + 1 < spaced.size(); ++i)
        if (spaced[i] == ' ' && (text::is_digit(spaced[i - 1]) || spaced[i - 1] == '*') &&
            std::string_view("<>=!~^").find(spaced[i + 1]) != std::string_view::npos)
            spaced[i] = ',';
    for (const auto part : text::split(spaced, ','))
        if (!text::trim(part).empty()) {
            const auto more = as_specifiers(part);
            if (!more.empty()) specifiers += (specifiers.empty() ? "" : ",") + more;
        }
    return specifiers;
}

}  // namespace

Result<std::string> poetry_specifiers(std::string_view constraint, const std::string& where) {
    if (constraint.find('|') != constraint.npos)
        return bad_input(
            where, fmt::format("{} has alternatives, which only a lock can decide", constraint),
            "`poetry lock` decides");
    return all_specifiers(constraint);
}

std::string poetry_python(std::string_view constraint) {
    std::string all;
    for (const auto one : text::split(constraint, '|')) {
        std::string text(text::trim(one));
        // The empty part between the two of "||".
        if (text.empty()) continue;
        if (text::is_digit(text[0]) && text.find_first_not_of("0123456789.") == text.npos &&
            std::count(text.begin(), text.end(), '.') < 2)
            text.insert(0, "==").append(".*");
        all += (all.empty() ? "" : " || ") + text;
    }
    return all;
}

bool poetry_allows(const std::string& constraint, const std::string& version) {
    std::size_t start = 0;
    while (start <= constraint.size()) {
        const std::size_t end = std::min(constraint.find("||", start), constraint.size());
        const auto one = std::string_view(constraint).substr(start, end - start);
        if (specifiers_allow(all_specifiers(one), version).value_or(false)) return true;
        start = end + 2;
    }
    return constraint.empty();
}

Result<std::string> python_marker(std::string_view constraint, const std::string& where) {
    TRY_ASSIGN(const std::string specifiers, poetry_specifiers(poetry_python(constraint), where));
    std::string marker;
    for (const auto part : text::split(specifiers, ',')) {
        const auto specifier = text::trim(part);
        const auto version = specifier.find_first_of("0123456789");
        if (version == specifier.npos) continue;
        marker += fmt::format("{}python_full_version {} '{}'", marker.empty() ? "" : " and ",
                              text::trim(specifier.substr(0, version)), specifier.substr(version));
    }
    return marker;
}

}  // namespace dba
