// Where git keeps what tells that a repository changed.
#pragma once

#include <filesystem>
#include <vector>

namespace dba {

// The files and directories whose times change with the checked-out commit, the index and the
// references of the repository that holds `directory` (a work tree or anything below it, a linked
// work tree, or a bare repository); empty when there is none. gitrepository-layout(5).
std::vector<std::filesystem::path> git_state_paths(const std::filesystem::path& directory);

}  // namespace dba
