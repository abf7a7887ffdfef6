// What is known of a repository by its files: where it is on this machine, where git keeps what
// shows that it changed, and its index.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// The directory of a repository on this machine, which may be a path or a file:// URL, and lack its
// ".git" as git allows it; nullopt for one elsewhere.
std::optional<std::filesystem::path> local_repository(const std::string& repository);

// The directory at or above `path` (absolute) that holds a ".git"; "" when none does.
std::filesystem::path repository_around(std::filesystem::path path);

// The files and directories whose times change with the checked-out commit, the index and the
// references of the repository that holds `directory` (a work tree or anything below it, a linked
// work tree, or a bare repository); empty when there is none. gitrepository-layout(5).
std::vector<std::filesystem::path> git_state_paths(const std::filesystem::path& directory);

// Has git take files of a work tree for unchanged, whatever they hold now; those that it does not
// track are passed over.
Result<void> assume_unchanged(const std::filesystem::path& top,
                              const std::vector<std::string>& paths);

// What git tracks in the work tree at `top`, from there, sorted.
Result<std::vector<std::string>> tracked_files(const std::filesystem::path& top);

}  // namespace dba
