// A build inside a root of another suite: this very program, carried into it with its libraries,
// so that every step runs with the target's Python, C library and compiler.
#pragma once

#include <string>
#include <vector>

#include "build/options.hpp"
#include "model/declaration.hpp"
#include "model/result.hpp"
#include "system/debian/kept_root.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

struct SuiteBuild {
    BuildOptions options;  // `for_suite` is the suite; "" = this machine's own
    // Debian's word; "" = this machine's. Another one's root is only read; the build is in a root
    // of this machine's.
    std::string architecture;
    std::string command;  // that is run inside: "build", or a step
    // Of it, besides those that `options` has.
    std::vector<std::string> arguments;
    std::filesystem::path roots;
    long long root_age = 0;  // seconds; 0 = any
    // For a package of several suites (build/joined_build.hpp): what it is called then, and what is
    // seen inside besides.
    std::string name;
    std::vector<std::filesystem::path> seen = {};
    std::vector<std::string> notes = {};  // of more roots that the package was made by
};

// Runs it in namespaces of its own: the root read-only, the source read-only at its own path, the
// work directory and the downloads of the installers as they are, this machine's network. What it
// prints on stdout; its stderr is this process's. A failure has its exit code.
Result<std::string> build_in_suite(const SuiteBuild& build, ProcessRunner& processes, Log& log);

// As an error with its remedy when no program can be run in a root here.
Result<void> require_namespaces(const std::string& suite);

// One command of this program in a Debian system that is there, in such namespaces.
struct CommandInRoot {
    const BuildOptions& options;
    const Declaration& declaration;
    std::vector<std::string> arguments;
    Environment environment;  // `environment_inside()`, perhaps with other caches
    std::filesystem::path root;
    bool shows_stderr = false;
    std::vector<std::filesystem::path> seen = {};  // besides what the declaration names
    std::filesystem::path target = {};  // a root of another architecture, seen as --target-root
};
Result<Completed> run_in_root(const CommandInRoot& command, ProcessRunner& processes, Log& log);
Environment environment_inside();

// The root that packages for a suite are made in, from its mirrors (`steps::mirrors_of`), with
// BUILD_DEPENDS' relations.
RootRequest building_root(const std::string& suite, std::vector<std::string> mirrors,
                          std::vector<std::string> relations = {});
// What mmdebstrap and apt get of this process's environment.
Environment roots_environment();

}  // namespace dba
