#include "packers/fpm.hpp"

#include <fmt/format.h>

#include <sstream>

#include "deb/control_member.hpp"
#include "formats/binary/gzip.hpp"
#include "packers/fpm_arguments.hpp"
#include "packers/staging.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::packers {
namespace {

struct ChangelogPaths {
    std::string debian, upstream;
};

ChangelogPaths changelog_paths(const Manifest& manifest) {
    const std::string docs = "/usr/share/doc/" + manifest.name + '/';
    return {docs + "changelog.Debian.gz", docs + "changelog.gz"};
}

}  // namespace

Result<deb::WrittenTexts> fpm_changelogs(const Plan& plan) {
    const auto [debian, upstream] = changelog_paths(plan.manifest);
    deb::WrittenTexts texts;
    for (const deb::PlannedEntry& planned : deb::flatten(plan.layers)) {
        if (planned.entry.path != debian && planned.entry.path != upstream) continue;
        TRY_ASSIGN(const std::string bytes, read_file(planned.source));
        TRY_ASSIGN(texts[planned.entry.path], gunzip(bytes));
    }
    if (texts.empty())
        return bad_input(upstream, "fpm would write a changelog of its own", "use PACKER layered");
    // Without a text for it the Debian changelog would lose its name.
    if (texts.contains(debian)) texts.emplace(upstream, texts.at(debian));
    return texts;
}

Result<void> pack_with_fpm(const Plan& plan, const fs::path& scratch, const fs::path& output,
                           System& system) {
    const Manifest& manifest = plan.manifest;
    std::vector<deb::PlannedEntry> entries = deb::flatten(plan.layers);
    TRY_ASSIGN(const std::vector<deb::ControlFile> member,
               deb::control_member(plan.debian, entries, plan.md5));
    TRY_ASSIGN(const deb::WrittenTexts texts, fpm_changelogs(plan));
    // What fpm writes anew must not be staged: it writes into the file, and a staged file is a
    // layer's own.
    std::erase_if(entries, [&](const deb::PlannedEntry& planned) {
        return texts.contains(planned.entry.path);
    });
    TRY(stage(entries, scratch / "tree", Naming::exact));

    const fs::path debian = scratch / "debian";
    TRY(make_directories(debian));
    TRY(make_directories(scratch / "work"));
    TRY_ASSIGN(const Stanza control, deb::read_control(plan.debian));
    FpmPackage package{manifest,
                       control,
                       {},
                       {},
                       {},
                       false,
                       (scratch / "tree").string(),
                       debian.string(),
                       output.string(),
                       (scratch / "work").string(),
                       (scratch / "changelog").string(),
                       {}};
    const auto [debian_changelog, upstream_changelog] = changelog_paths(manifest);
    const bool native = !texts.contains(debian_changelog);
    TRY(write_file(package.changelog, texts.at(native ? upstream_changelog : debian_changelog)));
    if (!native) {
        package.upstream_changelog = (scratch / "upstream-changelog").string();
        TRY(write_file(package.upstream_changelog, texts.at(upstream_changelog)));
    }
    for (const deb::ControlFile& file : member) {
        TRY(write_file(debian / file.name, file.bytes, file.mode));
        if (file.name == "conffiles") {
            std::istringstream lines(file.bytes);
            for (std::string line; std::getline(lines, line);)
                if (!line.empty()) package.conffiles.push_back(line);
        } else if (file.name == "triggers") {
            package.triggers = file.bytes;
        } else if (file.name == "templates") {
            package.has_templates = true;
        } else if (deb::is_maintainer_script(file.name)) {
            package.scripts.push_back(file.name);
        } else if (file.name != "control" && file.name != "md5sums") {
            return bad_input(file.name, "fpm has no option for this control file",
                             "use PACKER layered");
        }
    }

    Command command;
    TRY_ASSIGN(command.argv, fpm_arguments(package));
    command.environment = clean_environment(scratch, manifest.source_date_epoch);
    command.directory = scratch;
    TRY(system.processes.check(command));
    return {};
}

}  // namespace dba::packers
