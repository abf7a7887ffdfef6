// The order, the times and the cuts of a data member: what of it stays the same from one build to
// the next is to be the same bytes there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "deb/stack.hpp"
#include "model/choices.hpp"
#include "model/layer.hpp"

namespace dba::deb {

struct MemberEntry {
    PlannedEntry planned;   // entry.hard_link only where that name comes before
    std::int64_t time = 0;  // seconds since 1970
    bool stays = true;      // whichever the source is
};

// "/" and the entries of `plan`, which is flatten() of the layers, parents before what is in them:
// first those of the layers that a change of the source leaves as they are (the first `settled`
// ones) with their parents, sorted;
// then all others, sorted. The former have times made from their layer's contents (settled_time),
// never beyond `epoch`; the latter `epoch`.
std::vector<MemberEntry> member_order(const std::vector<PlannedEntry>& plan,
                                      const std::vector<Layer>& layers, std::size_t settled,
                                      std::int64_t epoch);

// A time between 1990 and 2010 that a layer's digest stands for: another one for other contents,
// and the same one whichever commit the package is made of.
std::int64_t settled_time(const std::string& digest);

// Whether bytes follow its header: not for a further name of a file.
bool has_bytes(const LayerEntry& entry);

// A part of one entry: of a file [offset, offset + length) of its bytes. The header is before the
// first part, the padding after the last.
struct Piece {
    std::size_t entry = 0;
    std::uint64_t offset = 0, length = 0;
    bool has_header = true, has_padding = true;
};

// What is compressed by itself.
struct Section {
    std::vector<Piece> pieces;
    bool ends_archive = false;
};

// Cut at borders of files that their paths decide on, so that a file that comes, goes or changes
// changes its own section alone; files beyond the largest size are cut themselves. The sizes are
// those of the compression's windows: of some MB, and never beyond largest_section().
std::vector<Section> cut_sections(const std::vector<MemberEntry>& entries, Compression compression);
std::uint64_t largest_section(Compression compression);

}  // namespace dba::deb
