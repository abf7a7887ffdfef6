// Git LFS: what a commit has in place of a large file.
#pragma once

#include <filesystem>
#include <string>

namespace dba {

// Whether the file is a pointer: a short text (git-lfs, docs/spec.md).
bool is_lfs_pointer(const std::filesystem::path& file);

// The sha256 of the file that a pointer stands for; "" when it does not say.
std::string lfs_sha256(const std::filesystem::path& pointer);

}  // namespace dba
