// What lock and install share: an environment in a directory that stands for "/" while the
// installer runs, and the installer itself (uv, or pip on the target's own Python).
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

// One run of the installer.
struct Installation {
    std::vector<std::string> arguments;  // after "install"
    bool from_index = true;              // connection settings and index options apply
    // Of a lock, "flask==3.1.3": what is needed. Files with a known hash are as good from uv's
    // cache as from the index, so that it is asked first, and no connection is made when it has
    // all.
    std::vector<std::string> pins = {};
};

// `uv pip install` or `pip install` into `venv`. The installer's own words become the
// error: bad_input for a hash that does not match and for what cannot be resolved or built.
Result<void> run_install(const Venv& venv, const Installation& installation,
                         const Manifest& manifest, System& system);

// The argument vector that starts pip for `venv`: the wheel of the target's ensurepip
// (unpacked and compiled once), or
// the host's pip told to work for that Python. bad_input when there is neither.
Result<std::vector<std::string>> pip_command(const Venv& venv, const Manifest& manifest,
                                             System& system);

// --find-links, --no-index and the like. Index URLs go by the venv (add_index_settings),
// where neither a process listing nor a quoted command shows their credentials.
std::vector<std::string> index_arguments(const Manifest& manifest);
void add_index_settings(Environment& venv, const Manifest& manifest);
// The venv of an installer: clean, and with the connection settings when it may connect.
Environment installer_environment(const fs::path& scratch, const Manifest& manifest,
                                  bool from_index);

// What a step has read that runs the installer, and what one that installs from an index has
// besides; without credentials.
void add_installer(Receipt& receipt, const Manifest& manifest);
Result<void> add_index(Receipt& receipt, const Manifest& manifest);

// Runs uv or pip with the venv of installer_environment(). Without a connection, uv gets a
// second try with what its cache holds.
Result<Completed> run_connecting(const Command& command, const Manifest& manifest, bool cache_first,
                                 System& system);

// An installer's failure as an Error; `what` says what was being done ("resolving ...").
Error installer_error(const Completed& run, const std::string& subject, const std::string& what,
                      const Manifest& manifest);

}  // namespace dba
