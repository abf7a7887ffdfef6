#include "packers/layered.hpp"

#include <fstream>

#include "deb/control_member.hpp"
#include "deb/data_member.hpp"
#include "deb/member_order.hpp"
#include "deb/write.hpp"
#include "system/files/files.hpp"

namespace dba::packers {
namespace {

std::vector<deb::MemberEntry> entries_of(const std::vector<deb::PlannedEntry>& flat,
                                         const Plan& plan) {
    return deb::member_order(flat, plan.layers, plan.settled, plan.manifest.source_date_epoch);
}

int level_of(const Manifest& manifest) {
    return manifest.compression_level != 0 ? manifest.compression_level
                                           : deb::default_level(manifest.compression);
}

// The disk, and whatever is between it and the sections, is the only thing that is left to doubt:
// each section was held against its files when it was made.
Result<void> read_back(const deb::DataMember& data, const fs::path& control_tar,
                       const fs::path& output) {
    const auto differs = [&] {
        return system_error(output.filename().string(), "is not what was written",
                            "look at the disk that it lies on");
    };
    TRY_ASSIGN(const auto members, ar_members(output));
    TRY_ASSIGN(const std::string control, read_file(control_tar));
    if (members.size() != 3 || members[1].size != control.size() || members[2].size != data.size())
        return differs();
    std::ifstream in(output, std::ios::binary);
    std::string buffer;
    const auto is_next = [&](std::string_view bytes) -> Result<void> {
        buffer.resize(bytes.size());
        if (!in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || buffer != bytes)
            return differs();
        return {};
    };
    in.seekg(static_cast<std::streamoff>(members[1].offset));
    TRY(is_next(control));
    in.seekg(static_cast<std::streamoff>(members[2].offset));
    return deb::each_part(data, is_next);
}

}  // namespace

// Nothing of the build takes part: entries are sorted, owned by root and at times of their own
// contents or the source's, sizes are the files' own, and sections are cut and compressed alike
// whatever the number of processors.
Result<void> pack_layered(const Plan& plan, const fs::path& scratch, const fs::path& output,
                          Store& store) {
    const Manifest& manifest = plan.manifest;
    // The data member first: what it reads is what md5sums is made of.
    const std::vector<deb::PlannedEntry> flat = deb::flatten(plan.layers);
    TRY_ASSIGN(const deb::DataMember data,
               deb::make_data_member(entries_of(flat, plan), manifest.compression,
                                     level_of(manifest), store));
    TRY_ASSIGN(const std::vector<deb::ControlFile> member,
               deb::control_member(plan.debian, flat, data.md5));
    const std::string suffix = deb::tar_suffix(manifest.compression);
    const fs::path control_tar = scratch / ("control" + suffix);
    TRY(deb::write_control_tar(member, manifest.source_date_epoch, manifest.compression,
                               control_tar));
    const auto write = [&](std::ostream& out) {
        return deb::each_part(data, [&](std::string_view bytes) -> Result<void> {
            out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return {};
        });
    };
    TRY(deb::write_deb(control_tar, "control" + suffix, {"data" + suffix, data.size(), write},
                       manifest.source_date_epoch, output));
    return read_back(data, control_tar, output);
}

void keep_layered(const Plan& plan, Store& store) {
    deb::keep_sections(entries_of(deb::flatten(plan.layers), plan), plan.manifest.compression,
                       level_of(plan.manifest), store);
}

}  // namespace dba::packers
