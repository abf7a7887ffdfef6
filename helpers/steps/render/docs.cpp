#include "steps/render/docs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>

#include "formats/binary/gzip.hpp"
#include "steps/render/licences.hpp"
#include "steps/render/text.hpp"
#include "system/files/files.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

std::string indented(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        out += line.empty() ? "\n" : fmt::format("    {}\n", line);
        at = end + 1;
    }
    return out;
}

std::string source_of(const Manifest& manifest) {
    if (!manifest.source.is_git())
        return manifest.homepage.empty() ? "its maintainer's own directory" : manifest.homepage;
    // A path of the build host says nothing to a reader elsewhere, and must not enter the package.
    const std::string& where = manifest.source.repository;
    const bool local = where.starts_with("/") || where.starts_with("file:") || where.empty();
    return fmt::format("commit {}{}", manifest.source.commit, local ? "" : " of " + where);
}

// Whether the text is a debian/changelog of this package: "NAME (VERSION) ..." comes first.
bool is_debian_changelog(std::string_view text, const std::string& name) {
    return text.starts_with(name + " (");
}

Result<std::string> read_declared(const Manifest& manifest, const std::string& keyword,
                                  const std::string& file) {
    const fs::path path = fs::path(manifest.directory) / file;
    if (!file_exists(path))
        return bad_input(keyword, fmt::format("there is no file {}", path.string()),
                         "paths are relative to the CMakeLists.txt that calls add_venv_deb()");
    return read_file(path);
}

bool has_own_mode(const ResolvedConfig& config) {
    return config.mode != 0644;
}

bool was_elsewhere(const ResolvedConfig& config) {
    return !config.formerly.empty();
}

std::string overrides(const Manifest& manifest, bool has_commands) {
    const auto when = [&](bool needed, const std::string& name) {
        return needed ? fill("docs/overrides-" + name, {{"PACKAGE", manifest.name}}) : "";
    };
    const auto& configs = manifest.configs;
    const bool served = !manifest.services.empty();
    const bool varied = !manifest.config_variants.directory.empty();
    const bool conffiles_gone = varied || !manifest.config_dropped.empty() ||
                                std::any_of(configs.begin(), configs.end(), was_elsewhere);
    return fill(
        "docs/overrides",
        {{"PACKAGE", manifest.name},
         {"DIRECTORY", fs::path(manifest.prefix).parent_path().string()},
         {"PATTERN", manifest.prefix.substr(1) + "/*"},
         {"IN_OPT", when(manifest.prefix.starts_with("/opt/"), "opt")},
         {"OTHERS", when(served, "systemctl") + when(served, "hand-over") +
                        when(conffiles_gone, "maintscript") + when(varied, "variants") +
                        when(std::any_of(configs.begin(), configs.end(), has_own_mode), "mode") +
                        when(manifest.python.bundled, "static") +
                        when(manifest.is_dirty(), "dirty") + when(has_commands, "commands") +
                        when(manifest.compression == Compression::zstd, "zstd") +
                        when(true, "archive")}});
}

}  // namespace

std::string changelog_date(std::int64_t seconds_since_epoch) {
    static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto seconds = static_cast<std::time_t>(seconds_since_epoch);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000",
                       days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                       months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string changelog_entry(const Manifest& manifest) {
    const std::string& suite =
        manifest.target.codename.empty() ? "unstable" : manifest.target.codename;
    std::string change;
    for (const std::string& line : wrap_paragraphs("Built from " + source_of(manifest) + ".", 74))
        change += (change.empty() ? "  * " : "\n    ") + line;
    return fmt::format("{} ({}) {}; urgency=medium\n\n{}\n\n -- {}  {}\n", manifest.name,
                       manifest.version, suite, change, manifest.maintainer,
                       changelog_date(manifest.source_date_epoch));
}

Result<void> add_documents(const Manifest& manifest, const std::vector<Layer>& layers,
                           HostPlan& plan) {
    const std::string docs = "/usr/share/doc/" + manifest.name + "/";
    std::string license;
    if (!manifest.license_file.empty()) {
        TRY_ASSIGN(license, read_declared(manifest, "LICENSE_FILE", manifest.license_file));
        license = as_utf8(license);
    } else {
        TRY_ASSIGN(license, licences_of_application(manifest, layers));
    }
    if (license.empty())
        license =
            "Its own terms come with its source; no LICENSE_FILE was declared for this package.\n";
    TRY(plan.add_bytes(
        docs + "copyright",
        fill("docs/copyright", {{"PACKAGE", manifest.name},
                                {"MAINTAINER", manifest.maintainer},
                                {"SOURCE", source_of(manifest)},
                                {"PREFIX", manifest.prefix},
                                {"YEAR", changelog_date(manifest.source_date_epoch).substr(12, 4)},
                                {"LICENSE", indented(license)}}),
        0644, "the copyright file"));

    // A version without a revision is a native package's: its one changelog has the plain name.
    const bool native = manifest.version.find('-') == std::string::npos;
    const std::string debian = docs + (native ? "changelog.gz" : "changelog.Debian.gz");
    std::string own;
    if (!manifest.changelog.empty()) {
        TRY_ASSIGN(own, read_declared(manifest, "CHANGELOG", manifest.changelog));
    }
    if (is_debian_changelog(own, manifest.name)) {
        TRY(plan.add_bytes(debian, gzip(own), 0644, "CHANGELOG"));
    } else {
        TRY(plan.add_bytes(debian, gzip(changelog_entry(manifest)), 0644, "the changelog"));
        if (!own.empty() && !native)
            TRY(plan.add_bytes(docs + "changelog.gz", gzip(own), 0644, "CHANGELOG"));
    }
    return plan.add_bytes("/usr/share/lintian/overrides/" + manifest.name,
                          overrides(manifest, !plan.commands().empty()), 0644,
                          "the lintian overrides");
}

}  // namespace dba::steps
