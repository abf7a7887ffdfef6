// The environment in a package's files: its Python, its distributions and what they can import.
#pragma once

#include <string>
#include <vector>

#include "formats/python/record.hpp"
#include "formats/python/wheel.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"

namespace dba::steps {

struct Distribution {
    std::string directory;  // ".../site-packages/flask-3.0.3.dist-info"
    Metadata metadata;
    std::vector<EntryPoint> entry_points;
    // What "import" can name of it: its packages and modules in site-packages itself, and those
    // right below namespace packages (PEP 420). Sorted.
    std::vector<std::string> modules;
    bool is_folder = false;  // an application that is no package, in PREFIX/app
};

struct PythonEnvironment {
    std::string prefix;
    std::string version;        // "3.11.2", as pyvenv.cfg says
    std::string site_packages;  // PREFIX/lib/python3.11/site-packages
    std::string interpreter;    // PYTHON SYSTEM: where bin/python3 leads; "" for a bundled one
    std::vector<Distribution> distributions;   // by directory
    std::vector<std::string> library_modules;  // the bundled standard library's own .so modules
};

// Where the environment is: the directory of the highest pyvenv.cfg; "" without one.
std::string prefix_of(const std::vector<Layer>& layers);

// Reads the metadata of every distribution. A RECORD, METADATA or entry_points.txt that is missing
// or cannot be read, and an editable install, are findings.
Result<PythonEnvironment> read_environment(const std::vector<Layer>& layers,
                                           const std::string& prefix, Findings& findings);

// The name "import" has for a file ("core.cpython-311-x86_64-linux-gnu.so" -> "core"), "" when it
// is no module of Python `version`.
std::string module_name(const std::string& file_name, const std::string& version);

}  // namespace dba::steps
