// What somebody else's archive or repository holds, written below one directory and nowhere else.
//
// Every component of a path is opened by itself, from the directory above it, and a symbolic link
// is never followed: neither one that an earlier entry made nor one that was there. All calls are
// made on descriptors, so that no path is walked twice.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

// Paths are relative, without "." or empty components; one with ".." is refused like a link.
// Directories above an entry are made where they are missing (0755). What cannot be written
// because of what the archive says is bad_input, what the machine refuses a system error.
class TreeWriter {
 public:
    using Sink = std::function<Result<void>(std::string_view bytes)>;
    using Fill = std::function<Result<void>(const Sink& sink)>;

    // Below `root`, an existing directory. `subject` is what errors name; files and links get
    // `time` (seconds since 1970) when there is one.
    static Result<TreeWriter> open(const std::filesystem::path& root, std::string subject,
                                   std::optional<std::int64_t> time = {});

    // One that is there gets the mode.
    Result<void> make_directory(const std::string& path, unsigned mode);
    // `fill` hands the contents over piece by piece.
    Result<void> make_file(const std::string& path, unsigned mode, const Fill& fill);
    Result<void> make_symlink(const std::string& path, const std::string& target);
    // `target`: a regular file that lies here already.
    Result<void> make_hard_link(const std::string& path, const std::string& target);

 private:
    TreeWriter(Descriptor root, std::string subject, std::optional<std::int64_t> time);
    Result<Descriptor> open_directory(const std::string& path, bool make) const;
    // The directory that `path` lies in, and its last component.
    Result<int> enter(const std::string& path, std::string& name);
    [[nodiscard]] Failure refuse(const std::string& path, std::string_view what) const;

    Descriptor root_;
    std::string subject_;
    std::optional<std::int64_t> time_;
    std::string last_path_;  // of the directory that is open, since the next entry is mostly in it
    Descriptor last_;
};

}  // namespace dba
