// The stack of layers as one tree: what the package will hold, entry by entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba::deb {

struct PlannedEntry {
    LayerEntry entry;
    std::string layer;             // "" for a parent directory that no layer lists
    std::filesystem::path source;  // where a file's bytes lie now; "" for other kinds
};

// Every path of the stack once, sorted bytewise (a directory comes before what is in it), with the
// parent directories that no layer lists (mode 0755, whatever the umask is). When two layers hold
// one path, the lower one's entry counts; refuse_collisions() sees to it that they agree.
std::vector<PlannedEntry> flatten(const std::vector<Layer>& layers);

// Two layers that hold one path with different contents or kinds: bad_input naming both.
Result<void> refuse_collisions(const std::vector<Layer>& layers);

// Installed-Size (Policy 5.6.20, deb-substvars(5)): every file rounded up to whole KiB, 1 KiB for
// each directory and symlink, nothing for a file's further names. It depends on the plan alone,
// never on a file system's block size.
std::uint64_t installed_size_kib(const std::vector<PlannedEntry>& plan);

}  // namespace dba::deb
