// A playbook with all that it may include: the directory that it lies in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/result.hpp"

namespace dba {

struct PlaybookFiles {
    std::filesystem::path directory;
    std::string name;                 // of the playbook in it
    std::vector<LayerEntry> entries;  // "/" + relative path
    std::string digest;
};

// Whether a file of the directory belongs to it: caches and repositories do not.
bool is_playbook_file(const std::filesystem::path& directory,
                      const std::filesystem::path& relative);

// bad_input when the directory is the CMakeLists.txt's own, or one above it: all of that would be
// the playbook's.
Result<PlaybookFiles> playbook_files(const std::string& keyword, const std::string& playbook,
                                     const std::string& declaring_directory);

}  // namespace dba
