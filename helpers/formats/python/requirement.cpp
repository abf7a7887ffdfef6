#include "formats/python/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/python/pep440.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

int sign(int value) {
    return (value > 0) - (value < 0);
}

// Digits without leading zeros, of any length.
int compare_numbers(const std::string& a, const std::string& b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return sign(a.compare(b));
}

int compare_releases(const Pep440& a, const Pep440& b) {
    for (std::size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
        const std::string zero = "0";
        const int order = compare_numbers(i < a.release.size() ? a.release[i] : zero,
                                          i < b.release.size() ? b.release[i] : zero);
        if (order != 0) return order;
    }
    return 0;
}

// 1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0a1.post1 < 1.0b1 < 1.0rc1 < 1.0 < 1.0.post1
int pre_rank(const Pep440& version) {
    if (version.pre_kind == "a") return 1;
    if (version.pre_kind == "b") return 2;
    if (version.pre_kind == "rc") return 3;
    return !version.post && version.dev ? 0 : 4;
}

int compare_locals(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
    const auto left = text::split(a, '.');
    const auto right = text::split(b, '.');
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        const bool left_number =
            text::is_digit(left[i][0]) && left[i].find_first_not_of("0123456789") == left[i].npos;
        const bool right_number = text::is_digit(right[i][0]) &&
                                  right[i].find_first_not_of("0123456789") == right[i].npos;
        if (left_number != right_number) return left_number ? 1 : -1;
        const int order = left_number ? compare_numbers(std::string(left[i]), std::string(right[i]))
                                      : sign(left[i].compare(right[i]));
        if (order != 0) return order;
    }
    return sign(static_cast<int>(left.size()) - static_cast<int>(right.size()));
}

int compare(const Pep440& a, const Pep440& b) {
    if (const int order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
    if (const int order = compare_releases(a, b); order != 0) return order;
    if (pre_rank(a) != pre_rank(b)) return sign(pre_rank(a) - pre_rank(b));
    if (const int order = compare_numbers(a.pre_number, b.pre_number); order != 0) return order;
    if (a.post.has_value() != b.post.has_value()) return a.post ? 1 : -1;
    if (a.post)
        if (const int order = compare_numbers(*a.post, *b.post); order != 0) return order;
    if (a.dev.has_value() != b.dev.has_value()) return a.dev ? -1 : 1;
    if (a.dev)
        if (const int order = compare_numbers(*a.dev, *b.dev); order != 0) return order;
    return compare_locals(a.local, b.local);
}

// "1.2.*": the release begins with these numbers, missing ones being zeros.
bool begins_with(const Pep440& version, const Pep440& start) {
    if (version.epoch != start.epoch) return false;
    for (std::size_t i = 0; i < start.release.size(); ++i) {
        if ((i < version.release.size() ? version.release[i] : "0") != start.release[i])
            return false;
    }
    return true;
}

Pep440 without_local(Pep440 version) {
    version.local.clear();
    return version;
}

bool same_release(const Pep440& a, const Pep440& b) {
    return a.epoch == b.epoch && compare_releases(a, b) == 0;
}

// PEP 440: an exclusive order excludes pre-releases, post-releases and locals of the bound itself.
bool greater(const Pep440& version, const Pep440& bound) {
    if (compare(version, bound) <= 0) return false;
    if (version.post && !bound.post && same_release(version, bound)) return false;
    return version.local.empty() || compare(without_local(version), bound) != 0;
}

bool less(const Pep440& version, const Pep440& bound) {
    if (compare(version, bound) >= 0) return false;
    const bool pre = !version.pre_kind.empty() || version.dev;
    const bool bound_pre = !bound.pre_kind.empty() || bound.dev;
    return !(pre && !bound_pre && same_release(version, bound));
}

bool compatible(const Pep440& version, const Pep440& bound) {
    Pep440 start;
    start.epoch = bound.epoch;
    start.release.assign(bound.release.begin(), bound.release.end() - 1);
    return compare(without_local(version), bound) >= 0 && begins_with(version, start);
}

Result<bool> allows(std::string_view specifier, std::string_view text, const Pep440& version) {
    static constexpr std::string_view operators[] = {"===", "~=", "==", "!=", "<=", ">=", "<", ">"};
    const auto* sign_of =
        std::find_if(std::begin(operators), std::end(operators),
                     [&](std::string_view one) { return specifier.starts_with(one); });
    const auto none = [&] {
        return bad_input(std::string(specifier), "is no version specifier (PEP 440)");
    };
    if (sign_of == std::end(operators)) return none();
    std::string_view operand = text::trim(specifier.substr(sign_of->size()));
    if (*sign_of == "===") return text::equal_ignoring_case(operand, text);
    const bool prefix = operand.ends_with(".*");
    if (prefix) operand.remove_suffix(2);
    const auto bound = parse_pep440(operand);
    if (!bound || (prefix && *sign_of != "==" && *sign_of != "!=")) return none();
    const bool equal =
        prefix ? begins_with(version, *bound)
               : compare(bound->local.empty() ? without_local(version) : version, *bound) == 0;
    if (*sign_of == "==") return equal;
    if (*sign_of == "!=") return !equal;
    if (*sign_of == "<=") return compare(without_local(version), *bound) <= 0;
    if (*sign_of == ">=") return compare(without_local(version), *bound) >= 0;
    if (*sign_of == "<") return less(version, *bound);
    if (*sign_of == ">") return greater(version, *bound);
    if (bound->release.size() < 2) return none();
    return compatible(version, *bound);
}

bool is_name_character(char c) {
    return text::is_alnum(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

Result<bool> specifiers_allow(std::string_view specifiers, std::string_view version) {
    if (text::trim(specifiers).empty()) return true;
    const auto parsed = parse_pep440(version);
    if (!parsed) return bad_input(std::string(version), "is no version (PEP 440)");
    for (const auto part : text::split(specifiers, ',')) {
        const auto specifier = text::trim(part);
        if (specifier.empty()) continue;
        TRY_ASSIGN(const bool allowed, allows(specifier, version, *parsed));
        if (!allowed) return false;
    }
    return true;
}

Result<Requirement> parse_requirement(std::string_view whole, const std::string& where) {
    const auto none = [&] {
        return bad_input(where, fmt::format("{} is no requirement (PEP 508)", text::quote(whole)));
    };
    Requirement requirement;
    std::string_view rest = text::trim(whole);
    std::size_t end = 0;
    while (end < rest.size() && is_name_character(rest[end])) ++end;
    requirement.name = rest.substr(0, end);
    if (requirement.name.empty() || !text::is_alnum(requirement.name.front())) return none();
    rest = text::trim(rest.substr(end));
    if (rest.starts_with('[')) {
        const auto close = rest.find(']');
        if (close == rest.npos) return none();
        for (const auto extra : text::split(rest.substr(1, close - 1), ','))
            if (!text::trim(extra).empty()) requirement.extras.emplace_back(text::trim(extra));
        rest = text::trim(rest.substr(close + 1));
    }
    if (rest.starts_with('@')) {
        rest = text::trim(rest.substr(1));
        end = std::min(rest.find_first_of(" \t"), rest.size());
        requirement.url = rest.substr(0, end);
        rest = text::trim(rest.substr(end));
        if (requirement.url.empty() || (!rest.empty() && rest.front() != ';')) return none();
    }
    const auto semicolon = rest.find(';');
    if (semicolon != rest.npos) {
        requirement.marker = text::trim(rest.substr(semicolon + 1));
        rest = text::trim(rest.substr(0, semicolon));
    }
    if (rest.starts_with('(') && rest.ends_with(')')) rest = rest.substr(1, rest.size() - 2);
    requirement.specifiers = text::trim(rest);
    if (!requirement.specifiers.empty() && !specifiers_allow(requirement.specifiers, "1"))
        return none();
    return requirement;
}

}  // namespace dba
