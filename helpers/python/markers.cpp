#include "python/markers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/python/wheel.hpp"
#include "formats/text/text.hpp"
#include "python/venv.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

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

Result<MarkerAnswers> marker_answers(const Manifest& manifest, const Layer& interpreter,
                                     System& system) {
    Receipt receipt{"markers"};
    receipt.add("interpreter", interpreter)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.target", manifest.target.state_digest);
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   TRY_ASSIGN(const fs::path scratch, system.store.scratch("markers"));
                   TRY_ASSIGN(const auto environment, stage_venv(manifest, interpreter, scratch));
                   TRY_ASSIGN(const Completed ran,
                              run_python(environment.python,
                                         {"-c", std::string(resource("python/markers.py"))}, "",
                                         manifest, system));
                   if (ran.status != 0)
                       return system_error(manifest.python.executable,
                                           "does not start: " + last_lines(ran.err, 3));
                   return write_file(fresh / "answers.json", ran.out);
               }));
    TRY_ASSIGN(const std::string text, read_file(directory / "answers.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return system_error(manifest.python.executable, "gave an answer that is no JSON: " + text);
    MarkerAnswers answers;
    answers.markers.environment = json.get<std::map<std::string, std::string>>();
    answers.markers.extras = manifest.extras;
    answers.machine = answers.markers.environment["platform_machine"];
    const std::string glibc = answers.markers.environment["glibc"];  // "glibc 2.36"
    answers.markers.environment.erase("glibc");
    if (const auto dot = glibc.find('.'); dot != std::string::npos)
        answers.glibc_minor = text::leading_number(std::string_view(glibc).substr(dot + 1));
    return answers;
}

bool fits(const std::string& file_name, const MarkerAnswers& answers) {
    if (!file_name.ends_with(".whl")) return true;
    const auto wheel = parse_wheel_name(file_name);
    if (!wheel) return false;
    const std::string version = answers.markers.environment.at("python_version");
    const int own = 300 + text::leading_number(std::string_view(version).substr(2));
    const std::string exact = fmt::format("cp3{}", own - 300);
    const auto any = [](const auto& tags, auto&& holds) {
        return std::any_of(tags.begin(), tags.end(), holds);
    };
    const bool for_platform = any(
        wheel->platform_tags, [&](const std::string& tag) { return platform_fits(tag, answers); });
    const bool abi3 = any(wheel->abi_tags, [](const auto& tag) { return tag == "abi3"; });
    const bool for_abi = abi3 || any(wheel->abi_tags, [&](const std::string& tag) {
                             return tag == "none" || tag == exact;
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
    std::string version = answers.markers.environment.at("python_version");
    version.erase(std::remove(version.begin(), version.end(), '.'), version.end());
    return fmt::format(
        "a cp{}, abi3 or py3 wheel for any platform or for {} with glibc 2.{} or older, or an "
        "sdist",
        version, answers.machine, answers.glibc_minor);
}

}  // namespace dba
