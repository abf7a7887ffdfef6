#include "steps/render/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "steps/render/supervisord.hpp"
#include "steps/render/systemd.hpp"
#include "steps/render/text.hpp"

namespace dba::steps {

namespace {

// As in choices_of<Runner>.
constexpr std::array<const RunnerWays*, choices_of<Runner>.size()> all_runners = {&supervisord,
                                                                                  &systemd};

}  // namespace

const RunnerWays& ways_of(Runner runner) {
    return *all_runners.at(static_cast<std::size_t>(runner));
}

std::vector<const RunnerWays*> runners_of(const std::vector<HostService>& services) {
    std::vector<const RunnerWays*> out;
    for (const RunnerWays* runner : all_runners)
        if (std::any_of(services.begin(), services.end(), [&](const HostService& service) {
                return &ways_of(service.runner) == runner;
            }))
            out.push_back(runner);
    return out;
}

std::string start_words(const HostService& service) {
    return fmt::format("{} {} {} {}", service.name, service.program, service.instances,
                       shell_quote(service.healthcheck));
}

}  // namespace dba::steps
