#include "system/debian/fetch_contents.hpp"

#include <fmt/format.h>

#include "system/debian/apt_config.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

std::string contents_target(const std::string& architecture) {
    const std::string target = "Acquire::IndexTargets::deb::Contents-deb::";
    const std::string name = "Contents-" + architecture;
    return apt_setting("Acquire::Languages", "none") +
           apt_setting("Acquire::IndexTargets::deb::Packages::DefaultEnabled", "false") +
           apt_setting(target + "MetaKey", "$(COMPONENT)/" + name) +
           apt_setting(target + "flatMetaKey", name) +
           apt_setting(target + "ShortDescription", name) +
           apt_setting(target + "Description", "$(RELEASE)/$(COMPONENT) " + name) +
           apt_setting(target + "PDiffs", "false") + apt_setting(target + "KeepCompressed", "true");
}

}  // namespace

Result<fs::path> fetch_contents(const KeptRoot& root, const std::string& architecture,
                                const std::string& step, const Environment& environment,
                                ProcessRunner& processes, Log& log) {
    const bool is_all = architecture == "all";
    const std::string name = is_all ? "contents-all" : "contents";
    const fs::path kept = root.directory / name;
    if (directory_exists(kept)) return kept;
    log.step(step, fmt::format("fetching the suite's indexes of contents{}",
                               is_all ? " for all architectures" : ""));
    TRY_ASSIGN(const fs::path fresh, make_scratch(root.directory, name));
    TRY_ASSIGN(const DpkgDatabase database, DpkgDatabase::open(root.tree));
    const auto fetch = [&]() -> Result<void> {
        TRY(make_directories(fresh / "lists/partial"));
        const fs::path file = fresh / "apt.conf";
        TRY(write_file(file, apt_configuration(root.tree, database.architecture(), "/dev/null") +
                                 apt_setting("Dir::State::lists", (fresh / "lists/").string()) +
                                 apt_setting("Dir::Cache", (fresh / "cache/").string()) +
                                 apt_setting("Acquire::Check-Valid-Until", "false") +
                                 contents_target(architecture)));
        Environment inside = environment;
        inside["APT_CONFIG"] = file.string();
        TRY(processes.check({{"apt-get", "-q", "update"}, inside}));
        // Another run may have been faster.
        return directory_exists(kept) ? Result<void>() : move_path(fresh / "lists", kept);
    };
    const auto fetched = fetch();
    TRY(remove_tree(fresh));
    if (!fetched) return Failure(fetched.error());
    return kept;
}

}  // namespace dba
