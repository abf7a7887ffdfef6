// Single files and directories. Writing is atomic: a temporary name beside the target, then rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& file);
// nullopt when there is no such file.
Result<std::optional<std::string>> read_file_if_exists(const fs::path& file);
// At most `size` bytes from the start of a file.
Result<std::string> read_head(const fs::path& file, std::size_t size);
Result<std::uint64_t> size_of_file(const fs::path& file);
// Temporary name, write, fsync, chmod, rename. The directory must exist.
Result<void> write_file(const fs::path& file, std::string_view bytes, unsigned mode = 0644);
// As write_file, but leaves a file with these very bytes untouched. True when it wrote.
Result<bool> write_if_changed(const fs::path& file, std::string_view bytes, unsigned mode = 0644);

Result<void> make_directories(const fs::path& directory);
Result<void> remove_tree(const fs::path& path);  // no error when absent; clears read-only dirs
// Bytes and mode, atomic. Write dba::copy_file: argument lookup finds std::filesystem's as well.
Result<void> copy_file(const fs::path& from, const fs::path& to);
// A hard link, or a copy where there can be none. Only for files that nobody edits in place.
Result<void> link_or_copy(const fs::path& from, const fs::path& to);
Result<void> make_symlink(const fs::path& target, const fs::path& link);
Result<void> set_mode(const fs::path& path, unsigned mode);
// Within one file system; replaces a file, or an empty directory, that is there.
Result<void> move_path(const fs::path& from, const fs::path& to);

// Whether there is anything, a regular file or a directory of that name, links followed. What
// cannot be looked at is not there.
bool path_exists(const fs::path& path);
bool file_exists(const fs::path& path);
bool directory_exists(const fs::path& path);
// The name itself: anything, a link that leads nowhere too, or a symbolic link.
bool entry_exists(const fs::path& path);
bool symlink_exists(const fs::path& path);
// The paths in a directory, sorted; none when it is not there or cannot be read.
std::vector<fs::path> paths_in(const fs::path& directory);

// A new directory below `parent`: STEM, the marker, 16 random hex digits. The leak gate knows such
// a name wherever it meets one, whichever build made it.
inline constexpr std::string_view scratch_marker = ".dba-tmp-";
Result<fs::path> make_scratch(const fs::path& parent, const std::string& stem);

}  // namespace dba
