#include "steps/verify/other_programs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "steps/verify/imports.hpp"
#include "steps/verify/launched.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t shown_at_most = 5;

}  // namespace

bool is_application(const Distribution* distribution, const Manifest& manifest) {
    return distribution != nullptr && normalise_distribution(distribution->metadata.name) ==
                                          normalise_distribution(manifest.project.name);
}

Result<LayerReport> judge_other_programs(const OtherProgramsInputs& inputs,
                                         const std::vector<std::string>& used, System& system) {
    LayerReport told;
    const ScriptEntries entries = script_entries(inputs.environment);
    std::vector<ImportJob> jobs;
    for (ImportJob& job : import_jobs(inputs.environment)) {
        const auto entry = entries.find(job.script);
        if (entry != entries.end() &&
            !is_application(entry->second.distribution, inputs.manifest) &&
            std::find(used.begin(), used.end(), job.script) == used.end())
            jobs.push_back(std::move(job));
    }
    if (jobs.empty()) return told;
    TRY_ASSIGN(const auto report, run_imports(inputs.environment, jobs, inputs.place.view,
                                              inputs.isolation, system, told.findings));
    std::vector<std::string> names;
    for (std::size_t i = 0; report && i < jobs.size(); ++i) {
        Findings wrong;
        check_imports(inputs.environment, {jobs[i]}, {report->facts, {report->results[i]}}, wrong,
                      wrong);
        if (!wrong.empty()) names.push_back(jobs[i].script);
    }
    if (names.empty()) return told;
    const std::string count = text::counted(names.size(), "program");
    if (names.size() > shown_at_most) {
        names.resize(shown_at_most);
        names.emplace_back("...");
    }
    told.warnings.push_back(
        {"start", "",
         fmt::format("{} of {}/bin that no SERVICE and no SCRIPTS starts cannot start ({})", count,
                     inputs.manifest.prefix, fmt::join(names, ", ")),
         "deb-build-app verify FILE.deb says why"});
    return told;
}

}  // namespace dba::steps
