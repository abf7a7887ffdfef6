// The parts of PYTHON BUNDLED: which Python lies in the target root, and a trimmed copy of it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "system/files/files.hpp"

namespace dba {

// A Python as it lies in the target root, ready to be copied.
struct PythonOrigin {
    fs::path executable;      // the real file, below the root
    fs::path prefix;          // where its bin and lib are
    fs::path library;         // its lib/python3.X
    std::string name;         // "python3.11"
    bool debian = false;      // /usr/bin and /usr/lib, owned by dpkg
    std::string description;  // what the copy depends on: Debian packages with their versions,
                              // or the digest of the files' names and sizes
};

// Looks only inside manifest.python_root(). bad_input for a Python that is not there, is a virtual
// environment or a script, or lacks its standard library (python3.X-minimal alone).
Result<PythonOrigin> find_python(const Manifest& manifest);

// The path below `root`, and `path` (as on the target) with all links of its last component
// followed, an absolute one from the root on.
fs::path below(const std::string& root, const fs::path& absolute);
Result<fs::path> real_path(const std::string& root, fs::path path);

// "python3.11 3.11.2-6+deb12u6, libpython3.11-stdlib ...": the packages of the interpreter that
// the dpkg status of `root` has as installed.
Result<std::string> python_packages(const std::string& root, const std::string& version);

// PREFIX/python/{bin,lib} below `prefix`, without the parts that are trimmed. No link in it points
// out of it: one that does in the origin is replaced by what it names, or left out when that is not
// below the root.
Result<void> copy_python(const PythonOrigin& origin, const Manifest& manifest,
                         const fs::path& prefix);

// The build's record of itself (sysconfig's data, config-3.X/Makefile) names the directory that the
// interpreter was configured for: /install in a python-build-standalone, a home directory under
// pyenv. In the copy it names PREFIX/python. Debian's is left alone: it speaks of python3-dev.
Result<void> rewrite_build_record(const PythonOrigin& origin, const Manifest& manifest,
                                  const fs::path& prefix);

// The same for what is compiled into the interpreter, its libpython and its modules: it is where
// they look last, and nothing of it is there on the target. Files keep their length.
Result<void> rewrite_binaries(const PythonOrigin& origin, const Manifest& manifest,
                              const fs::path& prefix);

// `bytes` with `from` replaced by a path of its length: `to` with slashes behind it, or, where that
// is longer, /nonexistent. So what follows the directory stays where it is: a linker may have
// merged other strings with its end. Unchanged when neither fits.
std::string with_directory_in_place(std::string bytes, std::string_view from, std::string_view to);

// `text` with the directory `from` replaced by `to` wherever it stands as a whole path: behind
// anything but a path's characters, or behind -I, -L and a sole '.', and before '/' or anything but
// those.
std::string with_directory(std::string_view text, std::string_view from, std::string_view to);

}  // namespace dba
