#include "steps/resolve/suite.hpp"

#include <fmt/format.h>

#include <map>

#include "formats/debian/os_release.hpp"
#include "formats/debian/source_line.hpp"
#include "system/host.hpp"

namespace dba::steps {
namespace {

// Suites before their release have no VERSION_ID (base-files).
std::string number_of(const std::string& codename) {
    static const std::map<std::string, std::string> numbers{
        {"trixie", "13"}, {"forky", "14"}, {"duke", "15"}};
    const auto found = numbers.find(codename);
    return found == numbers.end() ? "" : found->second;
}

}  // namespace

Result<std::string> suite_suffix(const std::string& os_release, const std::string& suite) {
    const std::string id = os_release_value(os_release, "ID");
    const std::string codename = os_release_value(os_release, "VERSION_CODENAME");
    // In unstable, os-release is that of the suite to come.
    if (id == "debian" && suite == "sid") return std::string("~sid");
    if (codename != suite)
        return bad_input(
            "suite " + suite,
            fmt::format("the system here is {}", codename.empty() ? "of no named suite" : codename),
            codename.empty() ? "name a suite whose os-release has VERSION_CODENAME"
                             : fmt::format("write SUITES {}", codename));
    std::string number = os_release_value(os_release, "VERSION_ID");
    if (number.empty() && id == "debian") number = number_of(codename);
    if (number.empty())
        return bad_input("suite " + suite,
                         "has no number by which versions for it could be told from those for "
                         "other suites",
                         "package for a released suite, or for sid");
    return fmt::format("~{}{}", id == "debian" ? "deb" : id, number);
}

Result<std::vector<std::string>> mirrors_of(const Declaration& declaration,
                                            const std::string& suite) {
    std::vector<std::string> out;
    for (const SuiteMirror& mirror : declaration.suite_mirrors) {
        if (mirror.suite != suite) continue;
        TRY(check_source_line(mirror.line, "SUITE_MIRROR " + suite));
        out.push_back(mirror.line);
    }
    return out;
}

Result<void> refuse_target_root(const Declaration& declaration, const std::string& suite) {
    if (declaration.target_root.empty()) return {};
    return bad_input("DEB_VENV_TARGET_ROOT " + declaration.target_root,
                     "is another target than the suite " + suite,
                     "leave DEB_VENV_TARGET_ROOT or SUITES out");
}

std::string joined_suffix(const std::string& lowest, const std::string& other) {
    const auto distribution = [](const std::string& suffix) {
        return suffix.substr(0, suffix.find_first_of("0123456789"));
    };
    const std::string own = distribution(lowest);
    return "+" + (distribution(other) == own ? other.substr(own.size()) : other.substr(1));
}

Result<void> declare_for_suite(Declaration& declaration, const std::string& suite,
                               const std::string& joined) {
    TRY(refuse_target_root(declaration, suite));
    TRY_ASSIGN(const std::string text, os_release_text());
    TRY_ASSIGN(const std::string suffix, suite_suffix(text, suite));
    declaration.release =
        (declaration.release.empty() ? "1" : declaration.release) + suffix + joined;
    declaration.tools = {};  // those of the machine where CMake ran
    return {};
}

Result<void> refuse_other_root(const Declaration& declaration, const std::string& architecture) {
    if (declaration.target_root.empty()) return {};
    return bad_input("DEB_VENV_TARGET_ROOT " + declaration.target_root,
                     "is another target than " + architecture,
                     "leave DEB_VENV_TARGET_ROOT or ARCHITECTURES out");
}

Result<void> declare_for_root(Declaration& declaration, const std::string& root) {
    TRY(refuse_other_root(declaration, "the one in " + root));
    declaration.target_root = root;
    declaration.tools = {};  // those of the machine where CMake ran
    return {};
}

}  // namespace dba::steps
