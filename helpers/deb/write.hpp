// Writing the .deb format, version 2.0 (deb(5)): an ar archive of debian-binary, the control
// member and the data member. Made from the same values, the bytes are the same.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "deb/control_member.hpp"
#include "deb/stack.hpp"
#include "model/choices.hpp"
#include "model/result.hpp"
#include "system/files/ar.hpp"

namespace dba::deb {

std::string tar_suffix(Compression compression);  // ".tar.zst"

// The control member as a compressed tar: "./" and the files, owned by root, all at `epoch`.
Result<void> write_control_tar(const std::vector<ControlFile>& files, std::int64_t epoch,
                               Compression compression, const std::filesystem::path& output);

// The data member as a compressed tar, entry by entry as planned (sorted, parents first): "./" and
// the rest, owned by root, all at `epoch` (seconds since 1970); further names of a file as hard
// links. The same plan gives the same bytes, on any number of processors. Each file is read once;
// what comes back are its digests.
Result<Md5Sums> write_data_tar(const std::vector<PlannedEntry>& plan, std::int64_t epoch,
                               Compression compression, const std::filesystem::path& output);

// A data member's new names: called with each entry's path ("/opt/x"), changes it and the link
// target in place.
using Rename = std::function<void(std::string& path, std::string& link_target)>;

// The tar at `input` (any compression) again, its entries renamed; nothing else changes.
Result<void> rename_in_tar(const std::filesystem::path& input, const Rename& rename,
                           Compression compression, const std::filesystem::path& output);

// A .deb of a control tar and a data tar, `data` being a part of `data_file`. Atomic.
Result<void> write_deb(const std::filesystem::path& control_tar, const std::string& control_name,
                       const std::filesystem::path& data_file, const ArMember& data,
                       std::int64_t epoch, const std::filesystem::path& output);

}  // namespace dba::deb
