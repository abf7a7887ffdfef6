// The lock that is given: by LOCK, as the one file of REQUIREMENTS, or by the project itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "steps/lock/request.hpp"

namespace dba::steps {

struct Given {
    fs::path file;
    LockFormat kind = LockFormat::requirements;
    std::string bytes;
    bool own = false;  // the project's: REQUIREMENTS may ask for more
};

// The locks that lie in the project, or at the root of its workspace: the first is taken.
std::vector<fs::path> project_locks(const fs::path& project, const fs::path& workspace_root);

Result<std::optional<Given>> given_lock(const LockWork& work);

// As a lock in the format of requirements files; `file` is where its paths start.
Result<std::string> lines_of(const Given& given, const LockWork& work);

// Names whose version somebody chose over what others ask for: by the lock, the project's tables,
// or a file that INSTALLER_ARGS names (--overrides).
Result<std::vector<std::string>> overridden_names(const std::optional<Given>& given,
                                                  const LockWork& work);

// Directories that stand in a lock without a name have the one that their wheel has; the
// application's own goes.
Result<void> name_directories(std::vector<LockedRequirement>& lines, const LockWork& work);

// Whether a directory is the application's own: where it was declared, or fetched from.
bool is_application(const fs::path& directory, const LockWork& work);

}  // namespace dba::steps
