// deb-build-app init: a CMakeLists.txt for a Python project that has none.
#pragma once

#include <string>
#include <vector>

#include "init/draft.hpp"
#include "init/guesses.hpp"
#include "system/git/git.hpp"

namespace dba::init {

struct InitRequest {
    fs::path directory;  // of the project, absolute
    fs::path file;       // the CMakeLists.txt that is to be written, absolute
    std::string name;    // of the package; "" = as the project is called
};

struct InitAnswer {
    std::vector<Draft> drafts;  // a package each
    std::string text;           // of the CMakeLists.txt
};

// bad_input for a directory with no project in it, or with several that are no workspace.
Result<InitAnswer> init_project(const InitRequest& request, const Machine& machine, Git& git);

}  // namespace dba::init
