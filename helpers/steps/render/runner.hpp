// What a supervisor wants of a package that has services under it. Another one is a word of RUNNER
// (model/choices.hpp), a file like systemd.cpp, a row in runner.cpp, and its snippets in
// templates/scripts, whose functions are named after the word: WORD_state and stop_WORD.
#pragma once

#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/render/plan.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

struct RunnerWays {
    const char* package;  // Debian's, in Depends; nullptr when every machine has it

    // What a service needs beside its environment file, and what all of them need together.
    Result<void> (*add_files)(const Manifest& manifest, const HostService& service, HostPlan& plan);
    Result<void> (*add_common_files)(const Manifest& manifest, HostPlan& plan);

    // Of the maintainer scripts, in lines of shell. `same`: a pattern of what the record says of a
    // service that is as this version has it. `start`: brings it into its former state, by ACTION
    // ("start" or "restart") where it is not running. `by_hand`: what an administrator types.
    std::string (*same)(const HostService& service);
    std::string (*enable)(const HostService& service);
    std::string (*start)(const HostService& service, const std::string& action);
    std::string (*by_hand)(const HostService& service);
    std::string (*withdraw)(const HostService& service);
    std::string (*purge)(const HostService& service);
    // Once, whatever the number of services.
    std::string (*before_start)();
    std::string (*after_start)(const std::string& action);
    std::string (*after_withdraw)();
};

const RunnerWays& ways_of(Runner runner);

// Those that the services are under, each once, in the table's order.
std::vector<const RunnerWays*> runners_of(const std::vector<HostService>& services);

// "NAME PROGRAM INSTANCES URL": what the snippets' start functions take first.
std::string start_words(const HostService& service);

}  // namespace dba::steps
