#include "packers/cpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "deb/control_member.hpp"
#include "deb/write.hpp"
#include "packers/cpack_config.hpp"
#include "packers/staging.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"

namespace dba::packers {
namespace {

Result<ArMember> data_member(const fs::path& deb) {
    TRY_ASSIGN(const std::vector<ArMember> members, ar_members(deb));
    for (const ArMember& member : members)
        if (member.name.starts_with("data.tar")) return member;
    return system_error(deb.string(), "no data member in what CPack made");
}

// CPack's data member with the names it could not carry put back.
Result<void> restore_names(const StagedNames& names, const fs::path& made, const ArMember& data,
                           Compression compression, const fs::path& scratch,
                           const fs::path& output) {
    // libarchive opens a tar of its own, not a part of a file.
    const fs::path extracted = scratch / "cpack-data.tar";
    {
        std::ofstream out(extracted, std::ios::binary | std::ios::trunc);
        TRY(deb::part_of(made, data).write(out));
        out.close();
        if (!out) return system_error(extracted.string(), "cannot be written");
    }
    const deb::Rename rename = [&names](std::string& path, std::string& link_target) {
        if (const auto real = names.paths.find(path); real != names.paths.end())
            path = real->second;
        if (const auto real = names.targets.find(path); real != names.targets.end())
            link_target = real->second;
    };
    return deb::rename_in_tar(extracted, rename, compression, output);
}

}  // namespace

Result<void> pack_with_cpack(const Plan& plan, const fs::path& scratch, const fs::path& output,
                             System& system) {
    const Manifest& manifest = plan.manifest;
    const Compression compression = manifest.compression;
    const std::vector<deb::PlannedEntry> entries = deb::flatten(plan.layers);
    TRY_ASSIGN(const Stanza control, deb::read_control(plan.debian));
    TRY_ASSIGN(const std::vector<deb::ControlFile> member,
               deb::control_member(plan.debian, entries, plan.md5));
    TRY_ASSIGN(const StagedNames names, stage(entries, scratch / "tree", Naming::portable));

    CpackConfig config{manifest, control, {}};
    // Each takes some 170 MB for xz.
    config.threads = std::clamp(std::thread::hardware_concurrency(), 2U, 8U);
    TRY(make_directories(scratch / "extra"));
    for (const deb::ControlFile& file : member) {
        if (file.name == "control" || file.name == "md5sums") continue;
        TRY(write_file(scratch / "extra" / file.name, file.bytes, file.mode));
        config.control_extra.push_back(file.name);
    }
    TRY(write_file(scratch / "CPackConfig.cmake", cpack_config(config)));
    TRY(write_file(scratch / "stage.cmake", cpack_stage_script()));

    const fs::path build = scratch / "cpack";
    Command command;
    command.argv = {manifest.tools.cpack, "--config", (scratch / "CPackConfig.cmake").string(),
                    "-B", build.string()};
    command.environment = clean_environment(scratch, manifest.source_date_epoch);
    // CPack reads file names through the C library's locale; in "C" names beyond ASCII fail.
    command.environment["LC_ALL"] = "C.UTF-8";
    command.directory = scratch;
    TRY(system.processes.check(command));

    const fs::path made = build / "package.deb";
    TRY_ASSIGN(ArMember data, data_member(made));
    const std::string control_name = "control" + deb::tar_suffix(compression);
    const fs::path control_tar = scratch / control_name;
    TRY(deb::write_control_tar(member, manifest.source_date_epoch, compression, control_tar));
    if (names.empty())
        return deb::write_deb(control_tar, control_name, deb::part_of(made, data),
                              manifest.source_date_epoch, output);

    const fs::path renamed = scratch / ("data" + deb::tar_suffix(compression));
    TRY(restore_names(names, made, data, compression, scratch, renamed));
    std::error_code failed;
    const std::uint64_t size = fs::file_size(renamed, failed);
    if (failed) return system_error(renamed.string(), failed.message());
    const ArMember whole{"data" + deb::tar_suffix(compression), 0, size};
    return deb::write_deb(control_tar, control_name, deb::part_of(renamed, whole),
                          manifest.source_date_epoch, output);
}

}  // namespace dba::packers
