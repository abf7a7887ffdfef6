#include "cli/commands.hpp"

namespace dba::cli {

const std::vector<CommandLine>& command_table() {
    static const std::vector<CommandLine> table{
        {"init", "write a CMakeLists.txt for a Python project, with its guesses", run_init},
        {"build", "make the package a declaration describes", run_build},
        {"verify", "judge a declaration's layers, or a finished .deb by itself", run_verify},
        {"report", "tell what the package of a finished build holds, and why", run_report},
        {"inspect", "show what a .deb holds", run_inspect},
        {"build-deps", "install the build dependencies of a declaration", run_build_deps},
        {"resolve", "step: declaration -> manifest", run_step},
        {"fetch", "step: the source, with PREPARE run on a copy", run_step},
        {"interpreter", "step: the interpreter's layer", run_step},
        {"wheel", "step: the application's wheel, and what it says of itself", run_step},
        {"lock", "step: every third-party file with its sha256", run_step},
        {"install", "install a .deb on this machine; or the step: distributions and application",
         run_install},
        {"relocate", "step: final paths, .pyc, RECORD", run_step},
        {"finish", "step: FINISH, run with the installed environment", run_step},
        {"depends", "step: Debian dependencies of the binaries; or those of any tree or .deb",
         run_depends},
        {"render", "step: maintainer scripts, units, configuration", run_step},
        {"rehearse", "play a package's whole life on a machine of its own", run_rehearse},
        {"roots", "list, make, refresh or prune the kept roots of Debian suites", run_roots},
        {"try", "run a package's services at once, without installing it and without root",
         run_try},
        {"doctor", "tell what this machine and a project lack, and what to do", run_doctor},
        {"cache", "tell what is kept for all builds, or prune it", run_cache},
        {"play", "run an Ansible playbook, and tell what became of it as data", run_play},
    };
    return table;
}

}  // namespace dba::cli
