// The directory of a zip archive (APPNOTE.TXT 4.3.12), for what readers of zips do not tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dba {

// The end of a zip: so many of the file's last bytes hold the record that says where its directory
// is.
inline constexpr std::size_t zip_tail = 22 + 65535;

// How many bytes before that record the directory begins; nullopt in a file that is no zip, or one
// of 4 GiB and more (zip64).
struct ZipDirectory {
    std::size_t record = 0;  // where the record is in the tail
    std::size_t size = 0;    // of the directory, which ends where the record begins
};
std::optional<ZipDirectory> find_zip_directory(std::string_view tail);

// The first name with a NUL in it, where programs written in C see its end and Python does not.
std::optional<std::string> name_with_nul(std::string_view directory);

}  // namespace dba
