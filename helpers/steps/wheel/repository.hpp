// What a backend may learn of its repository: the tags of this application, by way of the git
// program, or a version without it.
#pragma once

#include "formats/python/versioning.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/process/process.hpp"

namespace dba::steps {

// Takes the tags of other products out of the copy's repository, unless the project's own settings
// say which are its own. `copy` is the repository's top, `project` the project in it.
Result<void> hide_foreign_tags(const fs::path& copy, const fs::path& project,
                               const Manifest& manifest);

// Without a git program a backend that needs it is told the version, where the commit is a release
// and it can be told; else bad_input that asks for git. `git` says whether the program is there.
Result<void> tell_version(const std::vector<std::string>& requirements, const Manifest& manifest,
                          bool git, Environment& environment);

// bad_input for a version that a backend would make of tags that a shallow clone has not.
Result<void> refuse_shallow(const std::vector<std::string>& requirements, const Manifest& manifest,
                            bool shallow);

}  // namespace dba::steps
