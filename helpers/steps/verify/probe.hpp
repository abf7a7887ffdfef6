// Asking a package's Python where it will be: what it says of itself, and of the jobs of
// templates/python/imports.py and starts.py.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "system/process/namespace.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct RaisedError {
    std::string type;
    std::vector<std::string> bases;  // its class and those it derives from
    std::string message;
    std::string name;  // an ImportError's module
    std::string file;
    long line = 0;
    bool is_cause = false;  // the one before it was raised from it, by name (`raise ... from`)
};

struct ImportResult {
    std::string outcome;    // "ok", "error", "missing", "absent", "exit", "signal" or "timeout"
    std::string attribute;  // of "missing"
    std::string signal;
    std::vector<RaisedError> chain;       // of "error" and "exit": it, and what led to it
    std::vector<std::string> names = {};  // of "missing": what is there instead
    std::string said = {};                // of "absent" and "exit": what is to be told
    // Modules may be looked for in places that the program would have added first.
    bool unsure = false;
    // Files outside of the environment that were loaded by then: libraries, and of PYTHON SYSTEM
    // the modules of the standard library.
    std::vector<std::string> loaded = {};
    bool gil = false;  // of "ok": a free-threaded Python took its global lock again
};

// What an interpreter says of itself.
struct PythonFacts {
    std::string version, prefix, base_prefix, standard_library, encodings, site_packages;
    std::vector<std::string> path;
    std::vector<std::string> modules;  // of the standard library, on any system
};

struct ImportReport {
    PythonFacts facts;
    std::vector<ImportResult> results;  // by job
};

// How it is started.
struct PythonRun {
    std::string program;  // PREFIX/bin/python3
    std::vector<std::string> flags;
    Environment environment;
    std::string directory = "/";
    int seconds = 0;  // for each job
};

// What an interpreter that did not start says of it.
struct DoesNotStart {
    std::string said;
};

// The answer to `jobs`, in their order; nothing, and what was said instead, when there is none. An
// error is one of the namespace.
Result<std::optional<ImportReport>> ask_python(const PythonRun& run, const nlohmann::json& jobs,
                                               const Namespace& setup, ProcessRunner& processes,
                                               DoesNotStart& instead);

}  // namespace dba::steps
