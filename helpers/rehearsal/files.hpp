// The whole of a root's file list, but for what is the system's to change.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "model/result.hpp"

namespace dba::rehearsal {

// Every path of the root with what it is ("file", "directory", ...; files below /etc with their
// digest), without what is the system's own to change at any time.
Result<std::map<std::string, std::string>> list_files(const std::filesystem::path& root);

}  // namespace dba::rehearsal
