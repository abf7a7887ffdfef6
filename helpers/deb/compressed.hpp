// One compressed stream out of sections that were compressed apart: one zstd frame, one xz stream,
// or gzip members, as dpkg reads them (it refuses several frames or streams).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/choices.hpp"
#include "model/result.hpp"

namespace dba::deb {

struct CompressedSize {
    std::uint64_t bytes = 0;     // before compression
    std::uint64_t unpadded = 0;  // xz: the size of its block that the index names
};

struct Compressed {
    std::string bytes;
    CompressedSize size;
};

// A section's bytes, one part after the other, so that nobody need hold all of them.
using TakeBytes = std::function<Result<void>(std::string_view bytes)>;
struct SectionSource {
    std::function<Result<void>(const TakeBytes& take)> each;
    bool is_mostly_x86 = false;  // programs and libraries of x86: xz has a filter for them
};

// The same bytes from the same contents and level, whatever the machine. A section refers to
// nothing of those before it. It has been read back: zstd's and gzip's are held against the
// contents, xz's has a digest of them in it.
Result<Compressed> compress_section(const SectionSource& source, Compression compression,
                                    int level);
Result<Compressed> compress_section(std::string_view bytes, Compression compression, int level);

// Whether these are the first bytes of a program or library of x86.
bool is_x86_program(std::string_view head);

// What is before the first section, and after the last one.
Result<std::string> stream_start(Compression compression);
Result<std::string> stream_end(Compression compression, const std::vector<CompressedSize>& sizes);

// The memory that compressing one takes, about.
std::uint64_t memory_of_section(Compression compression, int level);

// Where nothing else is declared: dpkg-deb's own, but for zstd, of which it has 3: a section is
// compressed once.
int default_level(Compression compression);

}  // namespace dba::deb
