// Directories with files of other ids than the caller's: what apt and dpkg leave as the root of a
// user namespace.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

// The words that make a command root over a tree of its own: none for root, else those of a user
// namespace in which the caller is root and its ranges of ids are the others'.
std::vector<std::string> as_roots_owner();

// One attempt to remove it, with what others own in it; whether it is gone.
bool try_remove_foreign(const std::filesystem::path& directory, const Environment& environment,
                        ProcessRunner& processes);

// Removes it, with what others own in it. Children of whoever made it may outlive their parent by
// some seconds, and write on.
Result<void> remove_foreign(const std::filesystem::path& directory, const Environment& environment,
                            ProcessRunner& processes);

// The file NAME.making in `cache` names what is being made under that name, for whoever comes
// after a killed maker.
Result<void> note_making(const std::filesystem::path& cache, const std::string& name,
                         const std::filesystem::path& directory);
// After a kill: the directory, and the note while it is of that one; whether both are gone.
bool forget_making(const std::filesystem::path& cache, const std::string& name,
                   const std::filesystem::path& directory, const Environment& environment,
                   ProcessRunner& processes);
Result<void> remove_noted(const std::filesystem::path& cache, const std::string& name,
                          const Environment& environment, ProcessRunner& processes);

}  // namespace dba
