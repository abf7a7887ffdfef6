#include "formats/specifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/text.hpp"

namespace dba {
namespace {

int sign(int value) {
    return value < 0 ? -1 : value > 0 ? 1 : 0;
}

// Digits without leading zeros.
int compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
    return sign(a.compare(b));
}

int compare_releases(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
        if (const int order = compare_numbers(i < a.size() ? a[i] : "0", i < b.size() ? b[i] : "0");
            order != 0)
            return order;
    return 0;
}

// 0: a dev release of the release itself, before its pre-releases; 1 a, 2 b, 3 rc; 4: none.
int pre_rank(const Pep440& version) {
    if (version.pre_kind == "a") return 1;
    if (version.pre_kind == "b") return 2;
    if (version.pre_kind == "rc") return 3;
    return !version.post && version.dev ? 0 : 4;
}

// `absent` is where a version without the part stands: -1 before those with it, 1 after.
int compare_optional(const std::optional<std::string>& a, const std::optional<std::string>& b,
                     int absent) {
    if (a && b) return compare_numbers(*a, *b);
    if (!a && !b) return 0;
    return a ? -absent : absent;
}

bool is_number(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return text::is_digit(c); });
}

int compare_locals(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return static_cast<int>(!a.empty()) - static_cast<int>(!b.empty());
    const auto left = text::split(a, '.');
    const auto right = text::split(b, '.');
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        const bool number = is_number(left[i]);
        if (number != is_number(right[i])) return number ? 1 : -1;
        if (const int order =
                number ? compare_numbers(left[i], right[i]) : sign(left[i].compare(right[i]));
            order != 0)
            return order;
    }
    return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
}

Pep440 without_local(Pep440 version) {
    version.local.clear();
    return version;
}

bool same_base(const Pep440& a, const Pep440& b) {
    return a.epoch == b.epoch && compare_releases(a.release, b.release) == 0;
}

bool is_prerelease(const Pep440& version) {
    return !version.pre_kind.empty() || version.dev;
}

// "==1.2.*"; `length` components of the release count.
bool has_prefix(const Pep440& version, const Pep440& prefix, std::size_t length) {
    if (version.epoch != prefix.epoch) return false;
    for (std::size_t i = 0; i < length; ++i)
        if ((i < version.release.size() ? version.release[i] : "0") != prefix.release[i])
            return false;
    return true;
}

bool meets(const Specifier& specifier, const Pep440& version) {
    const std::string& op = specifier.op;
    const bool wild = specifier.version.ends_with(".*");
    const auto wanted = parse_pep440(
        wild ? std::string_view(specifier.version).substr(0, specifier.version.size() - 2)
             : std::string_view(specifier.version));
    if (!wanted) return false;
    if (wild) return has_prefix(version, *wanted, wanted->release.size()) == (op == "==");
    const Pep440 open = without_local(version);
    if (op == "==" || op == "!=") {
        const bool same = compare_pep440(wanted->local.empty() ? open : version, *wanted) == 0;
        return same == (op == "==");
    }
    if (op == "~=")
        return compare_pep440(open, *wanted) >= 0 &&
               has_prefix(version, *wanted, wanted->release.size() - 1);
    if (op == "<=") return compare_pep440(open, *wanted) <= 0;
    if (op == ">=") return compare_pep440(open, *wanted) >= 0;
    // Exclusive order: neither the pre-releases of the version named, nor its post releases and
    // local versions, lie beyond it.
    if (op == "<")
        return compare_pep440(version, *wanted) < 0 &&
               (is_prerelease(*wanted) || !is_prerelease(version) || !same_base(version, *wanted));
    return compare_pep440(version, *wanted) > 0 &&
           !(same_base(version, *wanted) &&
             ((version.post && !wanted->post) || !version.local.empty()));
}

Result<Specifier> parse_one(std::string_view text) {
    static constexpr std::array<std::string_view, 8> operators = {
        "===", "~=", "==", "!=", "<=", ">=", "<", ">"};
    for (const std::string_view op : operators) {
        if (!text.starts_with(op)) continue;
        Specifier specifier{std::string(op), std::string(text::trim(text.substr(op.size())))};
        std::string_view version = specifier.version;
        if (op == "===") {
            if (version.empty()) break;
            return specifier;
        }
        if (version.ends_with(".*") && (op == "==" || op == "!=")) {
            version.remove_suffix(2);
            const auto prefix = parse_pep440(version);
            if (!prefix || prefix->dev || !prefix->local.empty()) break;
            return specifier;
        }
        const auto parsed = parse_pep440(version);
        if (!parsed || (op == "~=" && parsed->release.size() < 2)) break;
        return specifier;
    }
    return bad_input(std::string(text), "is no version specifier (PEP 440)",
                     "write one such as >=1.2, ==1.2.* or ~=1.2");
}

}  // namespace

int compare_pep440(const Pep440& a, const Pep440& b) {
    if (const int order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
    if (const int order = compare_releases(a.release, b.release); order != 0) return order;
    if (const int order = sign(pre_rank(a) - pre_rank(b)); order != 0) return order;
    if (const int order = compare_numbers(a.pre_number, b.pre_number); order != 0) return order;
    if (const int order = compare_optional(a.post, b.post, -1); order != 0) return order;
    if (const int order = compare_optional(a.dev, b.dev, 1); order != 0) return order;
    return compare_locals(a.local, b.local);
}

Result<std::vector<Specifier>> parse_specifiers(std::string_view text) {
    std::vector<Specifier> specifiers;
    for (const std::string_view part : text::split(text, ',')) {
        // A comma at the end is written by some and understood by all.
        if (text::trim(part).empty()) continue;
        TRY_ASSIGN(Specifier specifier, parse_one(text::trim(part)));
        specifiers.push_back(std::move(specifier));
    }
    return specifiers;
}

std::string to_text(const std::vector<Specifier>& specifiers) {
    std::string text;
    for (const Specifier& specifier : specifiers)
        text += fmt::format("{}{}{}", text.empty() ? "" : ",", specifier.op, specifier.version);
    return text;
}

bool satisfies(const std::vector<Specifier>& specifiers, std::string_view version) {
    const auto parsed = parse_pep440(version);
    return std::all_of(specifiers.begin(), specifiers.end(), [&](const Specifier& specifier) {
        if (specifier.op == "===")
            return text::equal_ignoring_case(specifier.version, text::trim(version));
        return parsed && meets(specifier, *parsed);
    });
}

}  // namespace dba
