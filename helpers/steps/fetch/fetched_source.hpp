// What fetch leaves: the project's files, and the repository around them.
#pragma once

#include <string>
#include <vector>

#include "system/files/files.hpp"
#include "system/git/git.hpp"
#include "system/process/process.hpp"

namespace dba::steps {

struct FetchedSource {
    fs::path directory;        // the project's: holds pyproject.toml or setup.py
    fs::path repository;       // the copy of the whole repository that holds it, with a .git of its
                               // own: "" = there is none, and `directory` is all
    std::string subdir;        // of the project in it ("" = its top)
    std::string digest;        // of all that a build can see: files, after PREPARE, commit and tags
    bool shallow = false;      // the history ends somewhere: tags may be missing
    std::vector<GitGap> gaps;  // what the copy has not; paths from the repository's top
    std::vector<fs::path> read;  // what was read outside of SOURCE_DIR: files and directories
    // Files that PREPARE made or changed, from the project's directory, sorted.
    std::vector<std::string> prepared;
    // PREPARE commands that need the application's libraries: left for the step `finish`.
    std::vector<std::vector<std::string>> deferred;
};

// What becomes of symbolic links from the project to elsewhere in its repository. setuptools
// follows them, and setuptools-scm has to see them; other backends drop them or fail.
enum class OutsideLinks { followed, kept };

// A fresh copy of all of it, for a build to write into; where the project is in it. `to` must not
// exist yet; its name is what a build sees as the name of the project's (or repository's) folder.
Result<fs::path> copy_source(const FetchedSource& source, const fs::path& to,
                             OutsideLinks links = OutsideLinks::followed);

// The digest of all that a build can see of a copy: its files, and what git answers in it. `told`
// is what else may have been told to its git.
Result<std::string> digest_of_copy(const fs::path& copy, const std::string& told = "");

// What keeps a git that runs in a copy from asking the machine around it.
void keep_git_inside(Environment& environment, const fs::path& copy);

}  // namespace dba::steps
