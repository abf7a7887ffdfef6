// What fetch leaves: the project's files, and the repository around them.
#pragma once

#include <string>
#include <vector>

#include "system/files/files.hpp"

namespace dba::steps {

struct FetchedSource {
    fs::path directory;   // the project's: holds pyproject.toml or setup.py
    fs::path repository;  // the copy of the whole repository that holds it, with a .git of its
                          // own: "" = there is none, and `directory` is all
    std::string subdir;   // of the project in it ("" = its top)
    std::string digest;   // of all that a build can see: files, after PREPARE, commit and tags
};

// A fresh copy of all of it, for a build to write into; where the project is in it. `to` must not
// exist yet; its name is what a build sees as the name of the project's (or repository's) folder.
Result<fs::path> copy_source(const FetchedSource& source, const fs::path& to);

}  // namespace dba::steps
