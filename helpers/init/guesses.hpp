// From what a project says to a declaration that works as it is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "init/draft.hpp"
#include "init/facts.hpp"

namespace dba::init {

// Where the project and the CMakeLists.txt lie.
struct Place {
    std::string source_dir;                // from the CMakeLists.txt: ".", "../app"
    bool in_git = false;                   // a commit has the project
    std::string repository;                // from the CMakeLists.txt: ".", ".."
    std::string subdirectory;              // of the project in the repository; "" = its top
    bool submodules = false;               // the repository has some
    std::vector<std::string> uncommitted;  // files of the project that no commit has as they are
};

// The Pythons of this machine, by their minor versions.
struct Machine {
    int python = 0;           // of /usr/bin/python3; 0 = none
    std::vector<int> others;  // elsewhere, the newest first
};

// A valid package name (Policy 5.6.7) of a project's or directory's; "" when there is none in it.
std::string package_name(const std::string& name);

struct Guessed {
    const Facts& facts;
    const Place& place;
    Draft& draft;
    bool folder = false;          // shipped as it stands, by LAYOUT or by itself
    std::vector<Entry> services;  // what comes last: SERVICE opens a group
};

Draft guess(const Facts& facts, const Place& place, const Machine& machine,
            const std::string& name);

}  // namespace dba::init
