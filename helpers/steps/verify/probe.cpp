#include "steps/verify/probe.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "system/files/resources.hpp"

namespace dba::steps {
namespace {

using nlohmann::json;

PythonFacts facts_from(const json& value) {
    PythonFacts facts;
    value.at("version").get_to(facts.version);
    value.at("prefix").get_to(facts.prefix);
    value.at("base_prefix").get_to(facts.base_prefix);
    value.at("standard_library").get_to(facts.standard_library);
    value.at("encodings").get_to(facts.encodings);
    value.at("site_packages").get_to(facts.site_packages);
    value.at("path").get_to(facts.path);
    value.at("modules").get_to(facts.modules);
    return facts;
}

ImportResult result_from(const json& value) {
    ImportResult result;
    value.at("outcome").get_to(result.outcome);
    result.attribute = value.value("attribute", "");
    result.signal = value.value("signal", "");
    for (const json& one : value.value("chain", json::array()))
        result.chain.push_back(
            {one.at("type").get<std::string>(), one.at("bases").get<std::vector<std::string>>(),
             one.at("message").get<std::string>(), one.at("name").get<std::string>(),
             one.at("file").get<std::string>(), one.at("line").get<long>(),
             one.at("is_cause").get<bool>()});
    result.said = value.value("said", "");
    result.names = value.value("names", std::vector<std::string>());
    result.unsure = value.value("unsure", false);
    result.loaded = value.value("loaded", std::vector<std::string>());
    result.gil = value.value("gil", false);
    return result;
}

std::optional<ImportReport> parse_report(const std::string& text, std::size_t jobs) {
    try {
        const json value = json::parse(text);
        ImportReport report{facts_from(value.at("facts")), {}};
        for (const json& one : value.at("results")) report.results.push_back(result_from(one));
        if (report.results.size() == jobs) return report;
    } catch (const json::exception&) {
        // What is no answer is no report.
    }
    return std::nullopt;
}

}  // namespace

Result<std::optional<ImportReport>> ask_python(const PythonRun& run, const json& jobs,
                                               const Namespace& setup, ProcessRunner& processes,
                                               DoesNotStart& instead) {
    Command command{.argv = {run.program},
                    .environment = run.environment,
                    .directory = run.directory,
                    .input = json{{"seconds", run.seconds}, {"jobs", jobs}}.dump(
                        -1, ' ', false, json::error_handler_t::replace),
                    .setup = &setup};
    command.argv.insert(command.argv.end(), run.flags.begin(), run.flags.end());
    std::string program;
    for (const char* part : {"python/script_imports.py", "python/starts.py", "python/imports.py"})
        program += std::string(resource(part)) + "\n";
    command.argv.insert(command.argv.end(), {"-B", "-c", program});
    TRY_ASSIGN(const Completed done, processes.run(command));
    if (auto report = parse_report(done.out, jobs.size()); done.status == 0 && report)
        return report;
    instead.said = last_lines(done.err, 6);
    if (instead.said.empty()) instead.said = fmt::format("exit status {}", done.status);
    return std::nullopt;
}

}  // namespace dba::steps
