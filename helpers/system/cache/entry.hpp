// An entry of the shared cache: a directory as one file, which is the same on the disk and over the
// network.
//
//   deb-build-app cache entry 1 <bytes of the header>\n
//   the header: JSON with the name, the receipt and what is in the directory, in order
//   the files' bytes, in that order, those of large ones at multiples of 4096 (for reflinks)
//   the sha256 of all that is before, in hex, and \n
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

struct EntryHeader {
    static constexpr int format = 1;
    std::string step, key;            // what it is called
    std::string receipt;              // JSON; "" = none
    std::vector<LayerEntry> entries;  // sorted, paths from the directory on: "/tree/opt"
};

template <class V>
void fields(V& v, EntryHeader& header) {
    v.derived("format", EntryHeader::format);
    v("step", header.step);
    v("key", header.key);
    v("receipt", header.receipt);
    v("entries", header.entries);
}

// The header and the files that it names; anybody may have written it, so every name is held to
// stay within a directory. bad_input for what is no header.
Result<EntryHeader> parse_entry_header(const std::string& json, const std::string& file_name);

// Writes it to a new file, which nobody waits for to be on the disk: who reads it finds out what a
// power failure has left. Gone again when it fails.
Result<void> write_entry(const EntryHeader& name, const fs::path& directory, const fs::path& file,
                         unsigned mode);

// Makes an empty directory what the entry says, and gives its receipt. bad_input when the file is
// damaged, or another entry than that; system_error when the directory cannot be written. Files are
// copies, or reflinks where the file system has them: what a build writes into one changes no
// entry. What fails leaves the directory half full.
Result<std::string> unpack_entry(const fs::path& file, const std::string& step,
                                 const std::string& key, const fs::path& directory);

}  // namespace dba
