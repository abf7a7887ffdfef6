#include "steps/resolve/version.hpp"

#include <algorithm>
#include <ctime>

#include "formats/debian/version.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"
#include "source/release.hpp"
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

ReleasePlan release_plan(const Declaration& declaration, const FoundSource& found,
                         const Product& product) {
    ReleasePlan plan;
    plan.declared = !declaration.version.empty();
    plan.revision = declaration.release.empty() ? "1" : declaration.release;
    plan.names = product.names;
    plan.alone = product.alone;
    if (!found.commit) return plan;
    plan.snapshot = snapshot_suffix(found.commit->time, found.commit->id);
    std::string asked = declaration.git ? declaration.git->tag : "";
    if (asked.starts_with("refs/tags/")) asked = asked.substr(10);
    auto release = release_among(found.commit->tags, product, asked);
    const std::string& said = found.metadata.version;
    if (!said.empty() && (!release || release->tag != asked)) {
        // Of several tags, that of the version that the project says.
        std::vector<std::string> same;
        for (const auto& tag : found.commit->tags)
            if (const auto version = version_of_tag(tag); version && same_version(*version, said))
                same.push_back(tag);
        if (auto other = release_among(same, product)) release = std::move(other);
    }
    if (release) {
        plan.tag = release->tag;
        plan.tagged = release->version;
        plan.asked = release->tag == asked;
    }
    plan.before = plan.tagged;
    auto earlier = found.commit->earlier_tags;
    if (earlier.empty()) earlier = {{found.commit->nearest_tag}};
    for (const auto& tags : earlier) {
        if (!plan.before.empty()) break;
        if (const auto former = release_among(tags, product)) plan.before = former->version;
    }
    return plan;
}

// What a commit without a release is called until something better is known.
std::string version_by_git(const ReleasePlan& plan) {
    return plan.before.empty() ? "0" : plan.before;
}

Result<std::string> upstream_version(const Declaration& declaration, const FoundSource& found,
                                     const ReleasePlan& plan) {
    if (plan.declared) return upstream_of(declaration.version, "VERSION");
    const std::string& said = found.metadata.version;
    std::string version = said;
    if (version.empty() && found.commit) version = version_by_git(plan);
    if (version.empty() && found.bare)
        return bad_input(declaration.name,
                         "has no version: the folder has no packaging metadata, and there is no "
                         "git to tell it",
                         "add VERSION <version> to add_venv_deb()");
    if (version.empty()) return std::string();  // the wheel will tell
    TRY_ASSIGN(auto upstream, upstream_of(version, "version"));
    // Off a tag each commit must upgrade the one before. A tag of another version than the project
    // says is no release of it, unless it is asked for.
    const bool released =
        !plan.tag.empty() && (plan.asked || said.empty() || same_version(said, plan.tagged));
    return released ? upstream : upstream + plan.snapshot;
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
Result<std::string> bare_version(const Declaration& declaration, const ReleasePlan& plan) {
    if (!declaration.version.empty()) {
        auto version = normalise_pep440(declaration.version);
        if (!version)
            return bad_input("VERSION " + declaration.version,
                             "is no Python version (PEP 440), and the folder has no packaging "
                             "metadata that names one",
                             "for example 1.4.2, 2.0rc1 or 2026.11; or write a pyproject.toml");
        return version;
    }
    if (!plan.tagged.empty()) return plan.tagged;
    const std::string version = version_by_git(plan);
    std::string snapshot = plan.snapshot;
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
    const std::string& subdirectory = found.subdirectory;
    Product product{{declaration.name, found.metadata.name, subdirectory,
                     fs::path(subdirectory).filename().string()},
                    subdirectory.empty()};
    if (found.commit)
        for (const auto& tags : found.commit->earlier_tags)
            product.alone = product.alone && !has_own_releases(tags, product);
    ResolvedVersion version;
    version.plan = release_plan(declaration, found, product);
    TRY_ASSIGN(version.upstream, upstream_version(declaration, found, version.plan));
    if (found.bare) {
        TRY_ASSIGN(version.python, bare_version(declaration, version.plan));
    }
    if (version.upstream.empty()) return version;
    version.full = version.upstream + "-" + version.plan.revision;
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
