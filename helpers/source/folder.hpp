// A folder of modules without packaging metadata (no pyproject.toml, setup.cfg or setup.py that
// describes a project): fetch writes the metadata into its copy of the source, so that every later
// step sees a project like any other.
#pragma once

#include "model/manifest.hpp"
#include "system/files/files.hpp"

namespace dba {

// True when it holds a module or a package: a .py file, or a folder with __init__.py, at the top.
// Deeper ones do not count: the folder named is then more likely the one above the application.
bool holds_modules(const fs::path& directory);

// The error for a folder that has neither metadata nor modules.
Error no_python_project(const std::string& where);

// Writes pyproject.toml with the name and version of `manifest.project`, and the build backend it
// names (templates/python/folder_backend.py, which says which files of the folder are installed).
// Leaves a folder alone that PREPARE has turned into a project. bad_input when there are no
// modules.
Result<void> describe_folder(const fs::path& directory, const Manifest& manifest);

}  // namespace dba
