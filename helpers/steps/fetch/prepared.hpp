// What PREPARE made of the copy of the source.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "system/files/files.hpp"

namespace dba::steps {

// The files below `directory`, but for those of version control and caches, with what shows that
// one has changed.
using FileStates = std::map<std::string, std::string>;
Result<FileStates> file_states(const fs::path& directory);

// Files that are new or other in `after`, sorted.
std::vector<std::string> made_or_changed(const FileStates& before, const FileStates& after);
// Files that are other in `after`, or gone, sorted.
std::vector<std::string> changed_or_gone(const FileStates& before, const FileStates& after);

Result<void> write_prepared(const fs::path& file, const std::vector<std::string>& paths);
Result<std::vector<std::string>> read_prepared(const fs::path& file);

}  // namespace dba::steps
