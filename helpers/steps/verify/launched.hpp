// From a command line to what it starts in the end: by way of the package's Python, of env, nice
// and the like, and of the shell.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "steps/verify/distributions.hpp"
#include "steps/verify/wanted.hpp"

namespace dba::steps {

// The programs in PREFIX/bin that are entry points.
struct ScriptEntry {
    EntryPoint point;
    const Distribution* distribution = nullptr;
};
using ScriptEntries = std::map<std::string, ScriptEntry>;  // by name
ScriptEntries script_entries(const PythonEnvironment& environment);

struct Launched {
    std::vector<WantedAtStart> wanted;
    std::vector<std::string> python_flags;  // what the package's Python is started with ("-sP")
    Environment environment;                // that of the last program
    std::string directory;
    std::vector<std::string> outside;  // programs that are no files of the package, absolute
    std::string entry;                 // the entry point that is started, or ""
    // "/usr/bin/python3": an interpreter that is not the package's, and is to run what is.
    std::string other_python;
};

// `command`: its first word is absolute.
Launched launched_by(const std::vector<std::string>& command, const PythonEnvironment& environment,
                     const ScriptEntries& entries, const Surroundings& surroundings);

}  // namespace dba::steps
