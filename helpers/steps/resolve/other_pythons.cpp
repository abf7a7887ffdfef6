#include "steps/resolve/other_pythons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "steps/resolve/python.hpp"

namespace dba::steps {
namespace {

struct SuitePython {
    const char* suite;
    int minor;  // of its python3
};
constexpr std::array suite_pythons{SuitePython{"bookworm", 11}, SuitePython{"trixie", 13},
                                   SuitePython{"forky", 14}};

int minor_of(const std::string& version) {
    return std::stoi(version.substr(2));
}

// What to say for each Python at hand that would do, once for a version.
Result<std::vector<std::string>> words_for_found(const PythonDemand& demand,
                                                 const Manifest& manifest,
                                                 const PythonPlaces& places, System& system) {
    std::vector<std::string> words;
    std::set<std::string> said;
    const auto add = [&](const FoundPython& found, const Target& target,
                         const DpkgDatabase& packages) -> Result<void> {
        const int minor = minor_of(found.version);
        if (!demand.allows_some_of(minor) || minor < oldest_python) return {};
        std::string version = found.version;
        if (!demand.allows_all_of(minor)) {
            // One that does not start is none that would do.
            const auto full = full_version(found.executable, target.root, packages, system);
            if (!full || !demand.allows(*full)) return {};
            version = *full;
        }
        if (!said.insert(version).second) return {};
        const bool in_root = target.root == manifest.target.root;
        std::string say =
            in_root ? "PYTHON_VERSION " + version : "PYTHON_EXECUTABLE " + found.executable;
        if (!manifest.python.bundled && !is_owned(found.executable, packages))
            say += " with PYTHON BUNDLED";
        words.push_back(in_root ? fmt::format("{} ({})", say, found.executable) : say);
        return {};
    };
    TRY_ASSIGN(const DpkgDatabase packages, DpkgDatabase::open(manifest.target.root));
    for (const FoundPython& found : find_pythons(manifest.target, places))
        TRY(add(found, manifest.target, packages));
    if (manifest.target.root == "/" || !manifest.python.bundled) return words;
    // Of the build host, what was made to run anywhere.
    Target here = manifest.target;
    here.root = "/";
    TRY_ASSIGN(const DpkgDatabase own, DpkgDatabase::open("/"));
    for (const FoundPython& found : find_pythons(here, places))
        if (!found.executable.starts_with("/usr/bin/")) TRY(add(found, here, own));
    return words;
}

// "3.12, 3.13" of the versions that would do.
std::vector<int> minors_of(const PythonDemand& demand) {
    std::vector<int> minors;
    for (int minor = oldest_python; minor <= newest_python; ++minor)
        if (demand.allows_some_of(minor)) minors.push_back(minor);
    return minors;
}

std::string listed(const std::vector<int>& minors) {
    std::vector<std::string> words;
    words.reserve(minors.size());
    for (const int minor : minors) words.push_back(fmt::format("3.{}", minor));
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string where_to_get(const PythonDemand& demand, const std::vector<int>& minors, int own,
                         const Manifest& manifest) {
    if (minors.empty())
        return fmt::format("no Python that is supported is one of them: 3.{} to 3.{} are",
                           oldest_python, newest_python);
    // The nearest: what the application's libraries are most likely made for.
    const int nearest = *std::min_element(minors.begin(), minors.end(), [&](int a, int b) {
        return std::abs(a - own) < std::abs(b - own);
    });
    std::vector<std::string> suites;
    for (const auto& [suite, minor] : suite_pythons)
        if (demand.allows_all_of(minor) && suite != manifest.target.codename)
            suites.push_back(fmt::format("{} (3.{})", suite, minor));
    std::string hint = fmt::format("{} would do, and there is none here", listed(minors));
    if (manifest.python.bundled)
        hint +=
            fmt::format(": `uv python install 3.{0}` and {1}", nearest,
                        manifest.target.root == "/" ? fmt::format("PYTHON_VERSION 3.{}", nearest)
                                                    : std::string("PYTHON_EXECUTABLE bring one"));
    if (!suites.empty())
        hint += fmt::format(
            "{} a target of {}: build there, or in its root "
            "(DEB_VENV_TARGET_ROOT)",
            manifest.python.bundled ? "; or" : ": take", fmt::join(suites, " or "));
    return hint;
}

}  // namespace

Result<void> require_python(const PythonDemand& demand, const Manifest& manifest,
                            const PythonPlaces& places, System& system) {
    const ResolvedPython& python = manifest.python;
    if (demand.allows(python.full_version)) return {};
    const int own = minor_of(python.version);
    const auto minors = minors_of(demand);
    const bool too_old = !minors.empty() && minors.front() > own;
    const bool too_new = !minors.empty() && minors.back() < own;
    TRY_ASSIGN(const auto words, words_for_found(demand, manifest, places, system));
    return bad_input(fmt::format("{} {}", demand.where, demand.text),
                     fmt::format("the package's Python is {}{} ({})", python.full_version,
                                 too_old   ? ", which is too old"
                                 : too_new ? ", which is too new"
                                           : ", which is none of these",
                                 python.executable),
                     words.empty() ? where_to_get(demand, minors, own, manifest)
                                   : fmt::format("say {}", fmt::join(words, ", or ")));
}

}  // namespace dba::steps
