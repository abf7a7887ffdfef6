#include "packers/layered.hpp"

#include "deb/control_member.hpp"
#include "deb/write.hpp"
#include "system/files/files.hpp"

namespace dba::packers {

// Nothing of the build takes part: entries are sorted, owned by root and at one time, sizes are the
// files' own, and the compressors cut the data alike whatever the number of processors.
Result<void> pack_layered(const Plan& plan, const fs::path& scratch, const fs::path& output) {
    const Manifest& manifest = plan.manifest;
    const std::vector<deb::PlannedEntry> entries = deb::flatten(plan.layers);

    // The data member first: what it reads is what md5sums is made of.
    const std::string suffix = deb::tar_suffix(manifest.compression);
    const fs::path data_tar = scratch / ("data" + suffix);
    TRY_ASSIGN(const deb::Md5Sums sums, deb::write_data_tar(entries, manifest.source_date_epoch,
                                                            manifest.compression, data_tar));
    TRY_ASSIGN(const std::vector<deb::ControlFile> member,
               deb::control_member(plan.debian, entries, sums));
    const fs::path control_tar = scratch / ("control" + suffix);
    TRY(deb::write_control_tar(member, manifest.source_date_epoch, manifest.compression,
                               control_tar));
    std::error_code failed;
    const std::uint64_t size = fs::file_size(data_tar, failed);
    if (failed) return system_error(data_tar.string(), failed.message());
    return deb::write_deb(control_tar, "control" + suffix, data_tar,
                          ArMember{"data" + suffix, 0, size}, manifest.source_date_epoch, output);
}

}  // namespace dba::packers
