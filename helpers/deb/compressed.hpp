// One compressed stream out of sections that were compressed apart: one zstd frame, one xz stream,
// or gzip members, as dpkg reads them (it refuses several frames or streams).
#pragma once

#include <cstdint>
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

// The same bytes from the same contents and level, whatever the machine. A section refers to
// nothing of those before it. It has been read back, and held against `bytes`.
Result<Compressed> compress_section(std::string_view bytes, Compression compression, int level);

// What is before the first section, and after the last one.
Result<std::string> stream_start(Compression compression);
Result<std::string> stream_end(Compression compression, const std::vector<CompressedSize>& sizes);

// Where nothing else is declared: dpkg-deb's own.
int default_level(Compression compression);

}  // namespace dba::deb
