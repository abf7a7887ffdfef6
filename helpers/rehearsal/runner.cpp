#include "rehearsal/runner.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "rehearsal/supervisord.hpp"
#include "rehearsal/systemd.hpp"

namespace dba::rehearsal {
namespace {

constexpr std::array runners = {&systemd, &supervisord};

}  // namespace

// A unit that a package ships without saying so is systemd's.
const RunnerWays& runner_of(const DescribedService& service) {
    return service.runner == supervisord.word ? supervisord : systemd;
}

Result<ServicesSeen> look_at_services(Container& container, const RehearsedPackage& package) {
    const auto& all = package.description.services;
    ServicesSeen seen;
    for (const RunnerWays* runner : runners) {
        std::vector<DescribedService> own;
        std::copy_if(
            all.begin(), all.end(), std::back_inserter(own),
            [&](const DescribedService& service) { return &runner_of(service) == runner; });
        if (own.empty()) continue;
        TRY_ASSIGN(ServicesSeen found, runner->look(container, own));
        seen.merge(found);
    }
    return seen;
}

}  // namespace dba::rehearsal
