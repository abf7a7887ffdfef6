// The installer, uv or pip on the target's own Python: what it is started for, and what each of
// them does its own way.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "formats/python/project_tables.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "python/installer_options.hpp"
#include "python/venv.hpp"
#include "system/files/files.hpp"
#include "system/system.hpp"

namespace dba {

// One run that installs.
struct Installation {
    std::vector<std::string> arguments;  // after "install"
    bool from_index = true;              // connection settings and index options apply
    // Of a lock, "flask==3.1.3": what is needed. Files with a known hash are as good from uv's
    // cache as from the index, so that it is asked first, and no connection is made when it has
    // all.
    std::vector<std::string> pins = {};
    InstallerOptions options = {};
    std::string index = {};  // the only one that is asked
};

// `uv pip install` or `pip install` into `venv`. The installer's own words become the
// error: bad_input for a hash that does not match and for what cannot be resolved or built.
Result<void> run_install(const Venv& venv, const Installation& installation,
                         const Manifest& manifest, System& system);

// One run that resolves.
struct ResolveRequest {
    // A wheel that was built for a requirement of a built source, by a git or file URL.
    struct Override {
        std::string name, pin;
        fs::path wheel;
    };
    std::string application;  // its name, for errors; not part of the answer
    std::string lines;        // a requirements file that asks for the application
    std::string constraints;  // another one, of constraints
    std::string versions;     // another one, of versions that count whatever asks
    std::vector<Override> overrides;
    std::map<std::string, std::string> archives;  // URLs that names are sent to, whoever asks
    std::map<std::string, NamedIndex> index_of;   // names that one index alone is asked for
    InstallerOptions options;                     // of REQUIREMENTS and the project's tables
};

// A requirements file with versions and hashes.
Result<std::string> run_resolve(const ResolveRequest& request, const Layer& interpreter,
                                const Manifest& manifest, System& system);

// The environment of an installer, and of what it starts: clean, and with the connection settings
// and index URLs when it may connect. Neither a process listing nor a quoted command shows those.
Environment installer_environment(const fs::path& scratch, const Manifest& manifest,
                                  bool from_index);
// Compilers say of the headers in this staged environment that they lie where they will: some have
// the __FILE__ of an assertion that a library keeps.
void call_it_final(Environment& environment, const Venv& venv);

// What a step has read that runs the installer, and what one that installs from an index has
// besides; without credentials.
void add_installer(Receipt& receipt, const Manifest& manifest);
Result<void> add_index(Receipt& receipt, const Manifest& manifest);

// An installer's failure as an Error; `what` says what was being done ("resolving ...").
Error installer_error(const Completed& run, const std::string& subject, const std::string& what,
                      const Manifest& manifest);

// What an installer does its own way. Another one is a word of INSTALLER (model/choices.hpp), a
// file like installer_uv.cpp, and a row in installer.cpp.
struct InstallerWays {
    using Words = std::vector<std::string>;

    // The command, up to the words that an Installation and the manifest add to any.
    Result<Words> (*install)(const Venv& venv, const Installation& installation,
                             const Manifest& manifest, const fs::path& scratch, System& system);
    Result<std::string> (*resolve)(const ResolveRequest& request, const Venv& venv,
                                   const Manifest& manifest, const fs::path& scratch,
                                   System& system);
    void (*settings)(Environment& environment, const fs::path& scratch);
    // Adds what no requirements file can say to it. Files of its own go into `scratch`.
    Result<void> (*options)(Words& words, const InstallerOptions& options, bool resolving,
                            const fs::path& scratch);
    const char* index_variable;
    const char* extra_index_variable;
    // Makes it answer from what it has kept of earlier runs; nullptr where it keeps nothing.
    const char* offline_variable;
    // How it words a file whose hash is not the lock's, and one that is damaged: patterns with one
    // group, but for the first.
    struct Complaints {
        const char *mismatch, *name, *expected, *got, *damaged;
    } complaints;
};
const InstallerWays& installer_of(const Manifest& manifest);

// For InstallerWays: the options and arguments of the manifest (--find-links, INSTALLER_ARGS), and
// a resolver's run.
std::vector<std::string> index_arguments(const Manifest& manifest);
Result<Completed> run_resolver(Command command, const ResolveRequest& request,
                               const Manifest& manifest, const fs::path& scratch, System& system);
// The words that name the requirements and the constraints, written into `scratch`.
Result<std::vector<std::string>> request_files(const ResolveRequest& request,
                                               const fs::path& scratch);
// Compilers say of the files below `directory` that they lie below `place`. A flag of CFLAGS and
// CXXFLAGS, which those who split them read as a shell does.
void map_prefix(Environment& environment, const fs::path& directory, const std::string& place);

}  // namespace dba
