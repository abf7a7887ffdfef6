// An application that is no package: what of its folder is shipped. Everything, as it stands, but
// for what belongs to the work on it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/files/files.hpp"

namespace dba {

// True when it holds a module or a package: a .py file, or a folder with __init__.py, at the top.
// Deeper ones do not count: the folder named is then more likely the one above the application.
bool holds_modules(const fs::path& directory);

// The error for a folder that has neither metadata nor modules.
Error no_python_project(const std::string& where);

struct FolderRules {
    fs::path surroundings;              // links may lead to what is in here
    bool keeps_builds = false;          // nothing in it can be left over from packaging
    std::vector<std::string> prepared;  // what PREPARE made, from the folder
    std::function<bool(const std::string& path)> excluded;  // by the declaration
};

struct FolderFile {
    std::string path;  // from the folder
    fs::path file;     // its bytes: what a link leads to
    bool executable = false;
};

struct FolderContents {
    std::vector<FolderFile> files;      // sorted by path
    std::vector<std::string> left_out;  // for the log: names at the top, and secrets below
};

// bad_input for links that lead out of the surroundings, nowhere, or to a folder that holds them.
Result<FolderContents> folder_contents(const fs::path& folder, const FolderRules& rules);

}  // namespace dba
