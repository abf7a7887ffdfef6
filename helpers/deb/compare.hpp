// What came out of a packer against what was planned.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "deb/stack.hpp"
#include "system/files/archive.hpp"

namespace dba::deb {

struct Difference {
    std::string path;     // on the target
    std::string message;  // "mode 0640 was planned, the package has 0644"
};

// Path on the target -> text: files that a packer compresses by itself, each a gzip member with
// mode 0644. Only their text can be compared.
using WrittenTexts = std::map<std::string, std::string>;

// Every planned entry is in the data member with its path, kind, permission bits, contents and link
// target, everything belongs to root:root, and nothing else is there but "/". By path.
std::vector<Difference> compare(const std::vector<PlannedEntry>& plan,
                                const std::vector<ArchiveEntry>& data);
// The same, but for what the packer writes itself, planned or not; `made` has kept those files.
std::vector<Difference> compare(std::vector<PlannedEntry> plan, const DebContents& made,
                                const WrittenTexts& written);

}  // namespace dba::deb
