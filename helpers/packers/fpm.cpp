#include "packers/fpm.hpp"

#include <fmt/format.h>

#include <sstream>

#include "deb/control_member.hpp"
#include "packers/fpm_arguments.hpp"
#include "packers/staging.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::packers {

Result<void> pack_with_fpm(const Plan& plan, const fs::path& scratch, const fs::path& output,
                           System& system) {
    const Manifest& manifest = plan.manifest;
    const std::vector<deb::PlannedEntry> entries = deb::flatten(plan.layers);
    TRY_ASSIGN(const std::vector<deb::ControlFile> member,
               deb::control_member(plan.debian, entries));
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
                       (scratch / "work").string()};
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
                             "use PACKER cpack");
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
