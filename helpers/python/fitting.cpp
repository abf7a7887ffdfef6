#include "python/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "formats/python/wheel.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

// "cp311" -> 311, "cp38" -> 308, "py3" -> 300: ordered by version.
int python_tag_number(const std::string& tag) {
    const auto digits = tag.substr(2);
    if (digits.empty()) return 0;
    const int minor =
        digits.size() > 1 ? text::leading_number(std::string_view(digits).substr(1)) : 0;
    return (digits[0] - '0') * 100 + minor;
}

bool platform_fits(const std::string& tag, const MarkerAnswers& answers) {
    if (tag == "any" || tag == "linux_" + answers.machine) return true;
    if (!tag.starts_with("manylinux") || !tag.ends_with("_" + answers.machine)) return false;
    static constexpr std::string_view numbered = "manylinux_2_";
    return !tag.starts_with(numbered) ||
           text::leading_number(std::string_view(tag).substr(numbered.size())) <=
               answers.glibc_minor;
}

}  // namespace

bool fits(const std::string& file_name, const MarkerAnswers& answers) {
    if (!file_name.ends_with(".whl")) return true;
    const auto wheel = parse_wheel_name(file_name);
    if (!wheel) return false;
    const std::string version = answers.markers.environment.at("python_version");
    const int own = 300 + text::leading_number(std::string_view(version).substr(2));
    const auto any = [](const auto& tags, auto&& holds) {
        return std::any_of(tags.begin(), tags.end(), holds);
    };
    const bool for_platform = any(
        wheel->platform_tags, [&](const std::string& tag) { return platform_fits(tag, answers); });
    // A free-threaded Python has no abi3: its objects are laid out otherwise (PEP 803 gives it
    // abi3t).
    const std::string_view stable = answers.abi.ends_with('t') ? "abi3t" : "abi3";
    const bool abi3 = any(wheel->abi_tags, [&](const auto& tag) { return tag == stable; });
    const bool for_abi = abi3 || any(wheel->abi_tags, [&](const std::string& tag) {
                             return tag == "none" || tag == answers.abi;
                         });
    const bool for_python = any(wheel->python_tags, [&](const std::string& tag) {
        if (tag.size() < 3 || tag[2] != '3') return false;
        if (tag.starts_with("py")) return python_tag_number(tag) <= own;
        return tag.starts_with("cp") &&
               (abi3 ? python_tag_number(tag) <= own : python_tag_number(tag) == own);
    });
    return for_platform && for_abi && for_python;
}

std::string what_would_fit(const MarkerAnswers& answers) {
    return fmt::format(
        "a {}, {} or py3 wheel for any platform or for {} with glibc 2.{} or older, or an sdist",
        answers.abi, answers.abi.ends_with('t') ? "abi3t" : "abi3", answers.machine,
        answers.glibc_minor);
}

}  // namespace dba
