// What came out of a packer against what was planned.
#pragma once

#include <string>
#include <vector>

#include "deb/stack.hpp"
#include "system/files/archive.hpp"

namespace dba::deb {

struct Difference {
    std::string path;     // on the target
    std::string message;  // "mode 0640 was planned, the package has 0644"
};

// Every planned entry is in the data member with its path, kind, permission bits, contents and link
// target, everything belongs to root:root, and nothing else is there but "/". By path.
std::vector<Difference> compare(const std::vector<PlannedEntry>& plan,
                                const std::vector<ArchiveEntry>& data);

}  // namespace dba::deb
