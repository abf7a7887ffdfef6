// The host layer before a byte of it is written: every path with what asked for it, so that two
// that want one path are named instead of one silently winning.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba::steps {

struct HostFile {
    EntryKind kind = EntryKind::file;  // file or symlink
    std::string bytes;                 // contents, when there is no source
    std::filesystem::path source;      // copied byte for byte
    std::string link_target;
    unsigned mode = 0644;
    std::string origin;  // "CONFIG settings.toml", for messages
};

class HostPlan {
 public:
    // Each is bad_input when `path` is not a clean absolute path, or is taken.
    Result<void> add_bytes(const std::string& path, std::string bytes, unsigned mode,
                           const std::string& origin);
    Result<void> add_copy(const std::string& path, const std::filesystem::path& source,
                          unsigned mode, const std::string& origin);
    Result<void> add_link(const std::string& path, const std::string& target,
                          const std::string& origin);

    // bad_input when a path is one of the layers' too, or lies below a file of theirs.
    [[nodiscard]] Result<void> refuse_overlap(const std::vector<Layer>& layers) const;

    // Regular files below /etc: all of them are conffiles (Policy 10.7.3).
    [[nodiscard]] std::vector<std::string> conffiles() const;

    // Names of the programs in /usr/bin and /usr/sbin.
    [[nodiscard]] std::vector<std::string> commands() const;

    // sha256 over paths, modes, contents and targets.
    [[nodiscard]] Result<std::string> digest() const;
    // Writes the tree below `root`, directories 0755.
    [[nodiscard]] Result<void> write(const std::filesystem::path& root) const;

    [[nodiscard]] const std::map<std::string, HostFile>& files() const { return files_; }

 private:
    Result<void> add(const std::string& path, HostFile file);
    std::map<std::string, HostFile> files_;
};

}  // namespace dba::steps
