// A build inside a root of another suite: this very program, carried into it with its libraries,
// so that every step runs with the target's Python, C library and compiler.
#pragma once

#include <string>
#include <vector>

#include "build/options.hpp"
#include "model/result.hpp"
#include "system/debian/kept_root.hpp"
#include "system/log.hpp"
#include "system/process/process.hpp"

namespace dba {

struct SuiteBuild {
    BuildOptions options;
    std::string suite;  // "" = this machine's own
    // Debian's word; "" = this machine's. Another one's root is only read, and the build is in a
    // root of this machine's; or it is in that root, where this machine emulates the other.
    std::string architecture;
    // Of the command that is run inside: "build", "--declaration", ...; without --suite.
    std::vector<std::string> arguments;
    std::filesystem::path roots;
    long long root_age = 0;  // seconds; 0 = any
};

// Runs it in namespaces of its own: the root read-only, the source read-only at its own path, the
// work directory and the downloads of the installers as they are, this machine's network. What it
// prints on stdout; its stderr is this process's. A failure has its exit code.
Result<std::string> build_in_suite(const SuiteBuild& build, ProcessRunner& processes, Log& log);

// The root that packages for a suite are made in, with BUILD_DEPENDS' relations.
RootRequest building_root(const std::string& suite, std::vector<std::string> relations = {});
// What mmdebstrap and apt get of this process's environment.
Environment roots_environment();

}  // namespace dba
