// The part of resolve that finds the Python the declaration asks for.
#pragma once

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "system/debian/dpkg.hpp"
#include "system/host.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct FoundPython {
    std::string executable;  // all links followed, inside its root
    std::string version;     // "3.11", by its name
    std::string where;       // for people: "PATH"; "" = the target root
};

// Every Python, in the order in which PYTHON_VERSION takes them.
std::vector<FoundPython> find_pythons(const Target& target, const PythonPlaces& places);

// "3.11.2": by dpkg for Debian's own, which may not even run here; others are asked.
Result<std::string> full_version(const std::string& executable, const std::string& root,
                                 const DpkgDatabase& packages, System& system);
// Debian's own is answered for by its package's name: reading which files all packages have takes
// longer than the rest of resolve.
bool is_owned(const std::string& executable, const DpkgDatabase& packages);

// In the target root alone, unless that is "/"; then also in `places`. PYTHON_VERSION takes the
// first of that version in: the root's /usr/bin, its /usr/local/bin, PATH, pyenv's directory, uv's
// (of the last two the newest patch release). PYTHON_EXECUTABLE is a path inside the root; one
// that is not there but on the build host is taken from there, for PYTHON BUNDLED, as long as it is
// not the build host's own /usr/bin. PYTHON SYSTEM takes only what a package of the root owns.
// bad_input lists what was found instead.
Result<ResolvedPython> resolve_python(const PythonChoice& choice, const Target& target,
                                      const PythonPlaces& places, System& system);

}  // namespace dba::steps
