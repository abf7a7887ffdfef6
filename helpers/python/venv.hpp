// A virtual environment at work: in a directory that stands for "/" while something runs in it.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba {

struct Venv {
    fs::path root;    // stands for "/"
    fs::path prefix;  // root + PREFIX
    fs::path python;  // prefix/bin/python3
    fs::path site_packages;
};

// Where an environment that lies in `root` has its parts.
Venv venv_in(const fs::path& root, const Manifest& manifest);

// The interpreter layer laid out in `root` (created), ready to install into. C headers of the
// target's Python are linked in, for source distributions with extension modules.
Result<Venv> stage_venv(const Manifest& manifest, const Layer& interpreter, const fs::path& root);

// Runs Python code in an environment: `argv` follows the interpreter.
Result<Completed> run_python(const fs::path& python, std::vector<std::string> arguments,
                             const std::string& input, const Manifest& manifest, System& system);

}  // namespace dba
