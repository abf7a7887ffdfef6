// Starting a package's Python where it will be, and what it says of its modules.
#pragma once

#include <string>
#include <vector>

#include "model/findings.hpp"
#include "steps/verify/distributions.hpp"
#include "steps/verify/probe.hpp"
#include "system/process/namespace.hpp"
#include "system/system.hpp"

namespace dba::steps {

// A module to be imported, or an entry point to be resolved.
struct ImportJob {
    std::string module;
    std::vector<std::string> attributes;
    std::string path;          // the distribution's directory, for findings
    std::string distribution;  // "flask 3.0.3"
    std::string script;        // an entry point's name; "" for a module
    bool has_extras = false;   // the distribution has optional parts
    bool is_folder = false;    // the module may be a program, which runs when it is imported
};

// One job per importable module and per console or GUI script.
std::vector<ImportJob> import_jobs(const PythonEnvironment& environment);

// Runs PREFIX/bin/python3 in the view. An error is one of the namespace; an interpreter that does
// not start is a finding of check "python", and there is no report then.
Result<std::optional<ImportReport>> run_imports(const PythonEnvironment& environment,
                                                const std::vector<ImportJob>& jobs,
                                                const View& view, Isolation isolation,
                                                System& system, Findings& findings);

// sys.prefix and sys.path lie in the package, or are the declared system Python's.
void check_python(const PythonEnvironment& environment, const PythonFacts& facts,
                  Findings& findings);

// What cannot be imported: findings of check "import" and "entry-point" where the package is at
// fault; notes where something optional, another system or a running service is asked for.
void check_imports(const PythonEnvironment& environment, const std::vector<ImportJob>& jobs,
                   const ImportReport& report, Findings& findings, Findings& notes);

}  // namespace dba::steps
