#include "steps/resolve/version.hpp"

#include <algorithm>
#include <ctime>

#include "formats/debian/version.hpp"
#include "formats/text/pattern.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

namespace {

// VERSION is PEP 440 text, or, where it is not, a Debian upstream version as it stands.
Result<std::string> upstream_of(const std::string& version, const std::string& keyword) {
    if (const auto mapped = pep440_to_debian(version)) return *mapped;
    if (const auto debian = check_debian_version(version + "-1"); !debian)
        return bad_input(
            keyword + " " + version,
            "is neither a Python version (PEP 440) nor a Debian one: " + debian.error().cause,
            "for example 1.4.2, 2.0rc1 or 2026.11");
    return version;
}

bool on_release_tag(const FoundSource& found) {
    for (const auto& tag : found.commit->tags)
        if (version_of_tag(tag)) return true;
    return false;
}

Result<std::string> upstream_version(const Declaration& declaration, const FoundSource& found) {
    if (!declaration.version.empty()) return upstream_of(declaration.version, "VERSION");
    std::string version = found.metadata.version;
    if (version.empty() && found.commit) {
        for (const auto& tag : found.commit->tags)
            if (const auto tagged = version_of_tag(tag)) version = *tagged;
        if (version.empty()) version = version_of_tag(found.commit->nearest_tag).value_or("0");
    }
    if (version.empty())
        return bad_input(declaration.name,
                         found.bare ? "has no version: the folder has no packaging metadata, and "
                                      "there is no git to tell it"
                                    : "has no version: the project computes it, and there is no "
                                      "git to tell it",
                         "add VERSION <version> to add_venv_deb()");
    TRY_ASSIGN(auto upstream, upstream_of(version, "version"));
    // Off a tag each commit must upgrade the one before.
    if (found.commit && !on_release_tag(found))
        upstream += snapshot_suffix(found.commit->time, found.commit->id);
    return upstream;
}

// The newest date in a changelog: Debian's " -- Name <address>  Mon, 23 Nov 2026 10:00:00 +0000"
// or the first ISO date (2026-11-23) of any other.
std::int64_t changelog_date(const std::string& text) {
    std::tm date{};
    if (const auto match =
            text::match(text,
                        "\n -- [^\n]*>  [A-Za-z]{3}, +([0-9]{1,2}) ([A-Za-z]{3}) ([0-9]{4}) "
                        "([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})");
        !match.empty()) {
        static const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        date.tm_mday = std::stoi(match[1]);
        date.tm_mon = static_cast<int>(months.find(match[2]) / 3);
        date.tm_year = std::stoi(match[3]) - 1900;
        date.tm_hour = std::stoi(match[4]);
        date.tm_min = std::stoi(match[5]);
        date.tm_sec = std::stoi(match[6]);
        const int offset = std::stoi(match[8]) * 3600 + std::stoi(match[9]) * 60;
        return timegm(&date) - (match[7] == "+" ? offset : -offset);
    }
    if (const auto match = text::match(text, "([0-9]{4})-([0-9]{2})-([0-9]{2})"); !match.empty()) {
        date.tm_year = std::stoi(match[1]) - 1900;
        date.tm_mon = std::stoi(match[2]) - 1;
        date.tm_mday = std::stoi(match[3]);
        return timegm(&date);
    }
    return 0;
}

// What the distribution of a folder without metadata calls itself (PEP 440).
Result<std::string> bare_version(const Declaration& declaration, const FoundSource& found) {
    if (!declaration.version.empty()) {
        auto version = normalise_pep440(declaration.version);
        if (!version)
            return bad_input("VERSION " + declaration.version,
                             "is no Python version (PEP 440), and the folder has no packaging "
                             "metadata that names one",
                             "for example 1.4.2, 2.0rc1 or 2026.11; or write a pyproject.toml");
        return version;
    }
    std::string version;
    for (const auto& tag : found.commit->tags)
        if (const auto tagged = version_of_tag(tag)) version = *tagged;
    if (!version.empty()) return version;
    version = version_of_tag(found.commit->nearest_tag).value_or("0");
    std::string snapshot = snapshot_suffix(found.commit->time, found.commit->id);
    if (version.find('+') != std::string::npos) snapshot[0] = '.';  // one local part (PEP 440)
    return normalise_pep440(version + snapshot);
}

}  // namespace

std::string distribution_of_package(const std::string& package) {
    std::string name = package;
    std::replace(name.begin(), name.end(), '+', '-');
    while (!name.empty() && (name.back() == '-' || name.back() == '.')) name.pop_back();
    return normalise_distribution(name);
}

Result<ResolvedVersion> resolve_version(const Declaration& declaration, const FoundSource& found) {
    ResolvedVersion version;
    TRY_ASSIGN(version.upstream, upstream_version(declaration, found));
    if (found.bare) {
        TRY_ASSIGN(version.python, bare_version(declaration, found));
    }
    const std::string release = declaration.release.empty() ? "1" : declaration.release;
    version.full = version.upstream + "-" + release;
    if (const auto good = check_debian_version(version.full); !good)
        return bad_input("version " + version.full, good.error().cause,
                         "correct VERSION or RELEASE (Policy 5.6.12)");
    return version;
}

Result<std::int64_t> resolve_epoch(const Manifest& manifest, const FoundSource& found,
                                   System& system) {
    if (found.commit) return found.commit->time;
    if (!manifest.changelog.empty()) {
        TRY_ASSIGN(const auto text, read_file(manifest.changelog));
        if (const auto date = changelog_date("\n" + text); date > 0) return date;
    }
    system.log.warning("resolve",
                       "no git and no dated CHANGELOG: the time of the package is that "
                       "of its newest file, " +
                           found.newest_file + ", so a copy with other times gives other bytes");
    return found.newest_file_time;
}

}  // namespace dba::steps
