// Entries of the tars in a .deb: root's, in GNU tar's format as dpkg-deb writes it (long names and
// raw bytes in names, no pax headers, whose text would have to be UTF-8).
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <memory>
#include <string>

#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba::deb {

using TarEntry = std::unique_ptr<archive_entry, void (*)(archive_entry*)>;

// `type` is AE_IFREG and its like, `path` as tar has it: "./opt/x".
TarEntry owned_entry(const std::string& path, unsigned type, unsigned mode, std::int64_t time);

// The header of a data member's entry: one block of 512 bytes, and those of a long name or link
// target before it. What follows are the file's bytes, filled up to whole blocks.
Result<std::string> tar_header(const LayerEntry& entry, std::int64_t time);

constexpr std::size_t tar_block = 512;
std::string tar_padding(std::uint64_t size);  // after a file of this size
std::string tar_end();                        // two blocks of zeros

}  // namespace dba::deb
