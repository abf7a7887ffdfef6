// Writing the .deb format, version 2.0 (deb(5)): an ar archive of debian-binary, the control
// member and the data member. Made from the same values, the bytes are the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "deb/control_member.hpp"
#include "model/choices.hpp"
#include "model/result.hpp"
#include "system/files/ar.hpp"

namespace dba::deb {

std::string tar_suffix(Compression compression);  // ".tar.zst"

// The control member as a compressed tar: "./" and the files, owned by root, all at `epoch`.
Result<void> write_control_tar(const std::vector<ControlFile>& files, std::int64_t epoch,
                               Compression compression, const std::filesystem::path& output);

// A data member's new names: called with each entry's path ("/opt/x"), changes it and the link
// target in place.
using Rename = std::function<void(std::string& path, std::string& link_target)>;

// The tar at `input` (any compression) again, its entries renamed; nothing else changes.
Result<void> rename_in_tar(const std::filesystem::path& input, const Rename& rename,
                           Compression compression, const std::filesystem::path& output);

// The data member of a .deb that is written.
struct DebData {
    std::string name;  // "data.tar.zst"
    std::uint64_t size = 0;
    std::function<Result<void>(std::ostream& out)> write;  // `size` bytes
};
DebData part_of(const std::filesystem::path& file, const ArMember& member);

// A .deb of a control tar and a data member. Atomic.
Result<void> write_deb(const std::filesystem::path& control_tar, const std::string& control_name,
                       const DebData& data, std::int64_t epoch,
                       const std::filesystem::path& output);

}  // namespace dba::deb
