#include "formats/debian/version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "formats/python/pep440.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

constexpr std::size_t longest_version = 150;  // NAME_VERSION_ARCH.deb has 255 bytes at most
constexpr std::size_t longest_shown = 40;

// dpkg keeps the epoch in an int.
bool epoch_fits(std::string_view digits) {
    constexpr std::string_view largest = "2147483647";
    while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
    return digits.size() < largest.size() || (digits.size() == largest.size() && digits <= largest);
}

Failure not_pep440(std::string_view version) {
    return bad_input(std::string(version), "this is no version by PEP 440",
                     "write it like 1.2, 1.2.3, 1.2a1, 1.2rc1, 1.2.post1 or 1.2.dev3");
}

// Policy 5.6.12: letters before all else, '~' before even the end.
int order(char c) {
    if (c == '\0' || text::is_digit(c)) return 0;
    if (text::is_alpha(c)) return c;
    if (c == '~') return -1;
    return static_cast<unsigned char>(c) + 256;
}

int compare_part(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    const auto at = [](std::string_view part, std::size_t k) {
        return k < part.size() ? part[k] : '\0';
    };
    while (i < a.size() || j < b.size()) {
        while ((i < a.size() && !text::is_digit(a[i])) || (j < b.size() && !text::is_digit(b[j]))) {
            const int difference = order(at(a, i)) - order(at(b, j));
            if (difference != 0) return difference;
            ++i;
            ++j;
        }
        while (at(a, i) == '0') ++i;
        while (at(b, j) == '0') ++j;
        int first_difference = 0;
        while (text::is_digit(at(a, i)) && text::is_digit(at(b, j))) {
            if (first_difference == 0) first_difference = a[i] - b[j];
            ++i;
            ++j;
        }
        if (text::is_digit(at(a, i))) return 1;
        if (text::is_digit(at(b, j))) return -1;
        if (first_difference != 0) return first_difference;
    }
    return 0;
}

struct DebianVersion {
    std::string_view epoch, upstream, revision;
    bool has_epoch = false, has_revision = false;
};

DebianVersion split_debian_version(std::string_view version) {
    DebianVersion parts;
    const auto colon = version.find(':');
    if (colon != std::string_view::npos) {
        parts.has_epoch = true;
        parts.epoch = version.substr(0, colon);
        version.remove_prefix(colon + 1);
    }
    const auto hyphen = version.rfind('-');
    if (hyphen != std::string_view::npos) {
        parts.has_revision = true;
        parts.revision = version.substr(hyphen + 1);
        version = version.substr(0, hyphen);
    }
    parts.upstream = version;
    return parts;
}

// The first character of `part` that is neither a letter, a digit nor in `others`.
std::optional<char> bad_character(std::string_view part, std::string_view others) {
    for (const char c : part)
        if (!text::is_alnum(c) && others.find(c) == std::string_view::npos) return c;
    return std::nullopt;
}

std::string valid_package_name(std::string_view name) {
    std::string valid;
    for (const char c : text::lower(name)) {
        const bool kept = text::is_alnum(c) || c == '+' || c == '.';
        const char replaced = kept ? c : '-';
        if (valid.empty() && !text::is_alnum(replaced)) continue;
        if (replaced == '-' && valid.back() == '-') continue;
        valid += replaced;
    }
    while (!valid.empty() && valid.back() == '-') valid.pop_back();
    if (valid.size() == 1) valid += "-app";
    return valid;
}

}  // namespace

Result<std::string> normalise_pep440(std::string_view version) {
    const auto parsed = parse_pep440(version);
    if (!parsed) return not_pep440(version);
    return parsed->text();
}

Result<std::string> pep440_to_debian(std::string_view version) {
    const auto parsed = parse_pep440(version);
    if (!parsed) return not_pep440(version);
    if (!epoch_fits(parsed->epoch))
        return bad_input(std::string(version), "the epoch is larger than Debian's largest",
                         "use an epoch of 2147483647 at most");
    std::string debian;
    if (parsed->epoch != "0") debian += parsed->epoch + ":";
    debian += parsed->release_text();
    if (!parsed->pre_kind.empty()) debian += "~" + parsed->pre_kind + parsed->pre_number;
    // A post-release is later than every local version (+x) of what it follows and earlier than
    // that release's next component (.1): only ".~" lies between '+' and ".1" in dpkg's order.
    if (parsed->post) debian += ".~post" + *parsed->post;
    if (parsed->dev) {
        // 1.0.dev1 is earlier than 1.0a1 and its dev releases: "~~" sorts before "~a".
        const bool of_release = parsed->pre_kind.empty() && !parsed->post;
        debian += (of_release ? "~~dev" : "~dev") + *parsed->dev;
    }
    if (!parsed->local.empty()) debian += "+" + parsed->local;
    return debian;
}

int compare_debian_versions(std::string_view a, std::string_view b) {
    const auto left = split_debian_version(text::trim(a));
    const auto right = split_debian_version(text::trim(b));
    if (const int epochs = compare_part(left.epoch, right.epoch)) return epochs;
    if (const int upstreams = compare_part(left.upstream, right.upstream)) return upstreams;
    return compare_part(left.revision, right.revision);
}

Result<void> check_debian_version(std::string_view version) {
    const auto fail = [&](std::string cause, std::string hint) -> Result<void> {
        return bad_input(std::string(version), std::move(cause), std::move(hint));
    };
    if (version.empty()) return fail("a Debian version is empty", "write it like 1.2 or 1.2-1");
    if (version.size() > longest_version)
        return bad_input(std::string(version.substr(0, longest_shown)) + "...",
                         fmt::format("has {} characters, more than {}: with the package's name, it "
                                     "names a file",
                                     version.size(), longest_version),
                         "write it like 1.2 or 1.2-1");
    const auto parts = split_debian_version(version);
    if (parts.has_epoch) {
        if (parts.epoch.empty() ||
            parts.epoch.find_first_not_of("0123456789") != std::string_view::npos)
            return fail(fmt::format("the epoch {} is no number", text::quote(parts.epoch)),
                        "what stands before the first ':' must be digits (Debian Policy 5.6.12)");
        if (!epoch_fits(parts.epoch))
            return fail("the epoch is larger than Debian's largest",
                        "use an epoch of 2147483647 at most");
    }
    if (parts.has_revision && parts.revision.empty())
        return fail("the revision after the last '-' is empty",
                    "drop the '-', or write a revision behind it");
    if (parts.upstream.empty())
        return fail("the upstream version is empty", "write it like 1.2 or 1.2-1");
    if (!text::is_digit(parts.upstream[0]))
        return fail(fmt::format("the upstream version {} does not start with a digit",
                                text::quote(parts.upstream)),
                    "Debian Policy 5.6.12; 0~ in front keeps it valid and lowest");
    // With an epoch the upstream version may hold ':', with a revision '-'.
    const std::string others = parts.has_epoch ? ".+-~:" : ".+-~";
    if (const auto c = bad_character(parts.upstream, others))
        return fail(fmt::format("{} may not stand in an upstream version",
                                text::quote(std::string_view(&*c, 1))),
                    "letters, digits and . + - ~ may (Debian Policy 5.6.12)");
    if (const auto c = bad_character(parts.revision, ".+~"))
        return fail(
            fmt::format("{} may not stand in a revision", text::quote(std::string_view(&*c, 1))),
            "letters, digits and . + ~ may (Debian Policy 5.6.12)");
    return {};
}

Result<void> check_package_name(std::string_view name) {
    std::string cause;
    if (name.empty()) {
        cause = "a package name is empty";
    } else if (name.size() < 2) {
        cause = "a package name has two characters at least (Debian Policy 5.6.7)";
    } else if (!text::is_lower(name[0]) && !text::is_digit(name[0])) {
        cause = "a package name starts with a lower case letter or a digit (Debian Policy 5.6.7)";
    } else {
        const auto wrong = std::find_if(name.begin(), name.end(), [](char c) {
            return !text::is_lower(c) && !text::is_digit(c) && c != '+' && c != '-' && c != '.';
        });
        if (wrong == name.end()) return {};
        cause =
            "a package name holds lower case letters, digits and + - . only (Debian Policy "
            "5.6.7)";
    }
    const std::string valid = valid_package_name(name);
    return bad_input(std::string(name), std::move(cause),
                     valid.empty() ? "write it like my-app" : fmt::format("write it {}", valid));
}

std::string snapshot_suffix(std::int64_t commit_time, std::string_view commit_id) {
    using namespace std::chrono;
    // Four-digit years only, as the sorting needs them.
    constexpr std::int64_t last = 253402300799;  // 9999-12-31 23:59:59
    const sys_seconds time{seconds{std::clamp<std::int64_t>(commit_time, 0, last)}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return fmt::format("+git{:04}{:02}{:02}{:02}{:02}{:02}.{}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       commit_id.substr(0, 7));
}

std::string normalise_distribution(std::string_view name) {
    std::string result;
    bool in_run = false;
    for (const char c : name) {
        const bool separator = c == '-' || c == '_' || c == '.';
        if (separator && !in_run) result += '-';
        if (!separator) result += text::to_lower(c);
        in_run = separator;
    }
    return result;
}

std::string public_version(std::string_view version) {
    return std::string(version.substr(0, version.find('+')));
}

bool same_version(std::string_view a, std::string_view b) {
    const auto text_of = [](std::string_view version) {
        auto parsed = parse_pep440(version);
        if (!parsed) return std::string(version);
        while (parsed->release.size() > 1 && parsed->release.back() == "0")
            parsed->release.pop_back();
        return parsed->text();
    };
    return text_of(a) == text_of(b);
}

std::optional<ReleaseTag> parse_release_tag(std::string_view tag) {
    static constexpr std::array<std::string_view, 6> words = {"version", "ver", "v",
                                                              "release", "rel", "r"};
    const auto version_in = [](std::string_view part) -> std::optional<std::string> {
        const std::string lower_case = text::lower(part);
        if (const auto parsed = parse_pep440(lower_case)) return parsed->text();
        for (const auto word : words) {
            if (!lower_case.starts_with(word)) continue;
            auto rest = std::string_view(lower_case).substr(word.size());
            if (rest.starts_with('.')) rest.remove_prefix(1);
            if (rest.empty() || !text::is_digit(rest[0])) continue;
            if (const auto parsed = parse_pep440(rest)) return parsed->text();
        }
        return std::nullopt;
    };
    if (auto whole = version_in(tag)) return ReleaseTag{"", *whole};
    // Else what follows a separator, the longest first. A component of digits alone in front of it
    // would be a part of the version (release-2024-01-15 is no version 1.post15).
    std::size_t start = 0;
    for (std::size_t i = 0; i < tag.size(); ++i) {
        if (std::string_view("-_/@").find(tag[i]) == std::string_view::npos) continue;
        const auto before = tag.substr(start, i - start);
        start = i + 1;
        if (before.find_first_not_of("0123456789.") == std::string_view::npos) continue;
        auto version = version_in(tag.substr(start));
        if (!version) continue;
        // "hello/release-1.2" is one of hello.
        auto product = tag.substr(0, i);
        const auto last = product.find_last_of("-_/@");
        const auto word = last == std::string_view::npos ? product : product.substr(last + 1);
        if (std::find(words.begin(), words.end(), text::lower(word)) != words.end())
            product = product.substr(0, last == std::string_view::npos ? 0 : last);
        return ReleaseTag{std::string(product), *version};
    }
    return std::nullopt;
}

std::optional<std::string> version_of_tag(std::string_view tag) {
    const auto release = parse_release_tag(tag);
    return release ? std::optional(release->version) : std::nullopt;
}

}  // namespace dba
