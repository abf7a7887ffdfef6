// A virtual environment at work: in a directory that stands for "/" while something runs in it.
#pragma once

#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/process/environment.hpp"
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

// What an environment is staged for. Where the target is another machine, both run on this
// machine's Python of the same version: one installs what fits the target, one what runs here.
enum class VenvFor { target, building };

// The interpreter layer laid out in `root` (created), ready to install into. C headers of the
// target's Python are linked in, for source distributions with extension modules.
Result<Venv> stage_venv(const Manifest& manifest, const Layer& interpreter, const fs::path& root,
                        VenvFor purpose = VenvFor::target);

// The Python that runs code for the environment which lies in `root`: its own, or this machine's of
// the same version where its own is for another machine.
fs::path python_for(const fs::path& root, const Manifest& manifest);

// Makes an environment that lies in a directory run on this machine's Python, for a target that is
// another machine. The paths that it changed, below PREFIX.
Result<std::vector<std::string>> lead_to_native(const Venv& venv, const Manifest& manifest);

// What such an environment reads, to choose for the target: of installers that run in it.
void answer_for_target(Environment& environment, const Manifest& manifest);

// Runs Python code in an environment: `argv` follows the interpreter.
Result<Completed> run_python(const fs::path& python, std::vector<std::string> arguments,
                             const std::string& input, const Manifest& manifest, System& system);

}  // namespace dba
