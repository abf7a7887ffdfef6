// Looking into archives that lie in memory, within bounds: what the leak gate reads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace dba {

// The kind of an archive held in memory; `none` for bytes that are not an archive.
enum class ArchiveKind {
    none,
    zip,
    tar,
    ar,
    seven_zip,
    compressed
};  // compressed: one file, or tar
ArchiveKind archive_kind(std::string_view bytes);
std::string_view describe(ArchiveKind kind);  // "zip", "tar", ...

struct Member {
    std::string name;         // as the archive spells it; "" for a compressed file's only one
    std::string link_target;  // of symbolic and hard links
};

// Calls `visit(member, bytes)` for everything in an archive or compressed file held in memory; what
// is damaged ends the visit without an error. False when more than `budget` bytes would have had to
// be unpacked; what was is taken off it.
bool visit_members(std::string_view bytes, std::size_t& budget,
                   const std::function<void(const Member&, std::string_view)>& visit);

}  // namespace dba
