// Names of Python's own library that the application takes for modules of its own.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba::steps {

// The top-level modules of this interpreter's library.
Result<std::set<std::string>> standard_modules(const Manifest& manifest, const Layer& interpreter,
                                               System& system);

// Of the paths of modules ("secrets.py", "logging/__init__.py", others are passed over) those whose
// name is Python's: the file, or the folder with a '/'.
std::vector<std::string> hiding_names(const std::vector<std::string>& paths,
                                      const std::set<std::string>& standard);

// Those of a wheel could never be imported: the library comes before site-packages. bad_input that
// names them.
Result<void> refuse_standard_names(const fs::path& record, const Manifest& manifest,
                                   const Layer& interpreter, System& system);

}  // namespace dba::steps
