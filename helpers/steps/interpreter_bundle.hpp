// The parts of PYTHON BUNDLED: which Python lies in the target root, and a trimmed copy of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "system/files.hpp"

namespace dba::steps {

// A Python as it lies in the target root, ready to be copied.
struct PythonOrigin {
    fs::path executable;      // the real file, below the root
    fs::path library;         // its lib/python3.X
    std::string name;         // "python3.11"
    bool debian = false;      // /usr/bin and /usr/lib, owned by dpkg
    std::string description;  // what the copy depends on: Debian packages with their versions,
                              // or the digest of the files' names and sizes
};

// Looks only inside manifest.target.root. bad_input for a Python that is not there, is a virtual
// environment, lacks its standard library (python3.X-minimal alone), or needs a libpython.
Result<PythonOrigin> find_python(const Manifest& manifest);

// "python3.11 3.11.2-6+deb12u6, libpython3.11-stdlib ...": the packages of the interpreter that
// the dpkg status of `root` has as installed.
Result<std::string> python_packages(const std::string& root, const std::string& version);

// Whether a path below lib/python3.X is copied: what services never use is left out.
bool keep_in_library(const fs::path& relative, const std::string& version);

// PREFIX/python/{bin,lib} below `prefix`. No link in it points out of it: one that does in the
// origin is replaced by what it names, or left out when that is not below the root.
Result<void> copy_python(const PythonOrigin& origin, const Manifest& manifest,
                         const fs::path& prefix);

}  // namespace dba::steps
