#include "steps/verify/imports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "formats/python/module_names.hpp"
#include "formats/text/text.hpp"
#include "steps/verify/remedies.hpp"
#include "system/files/files.hpp"
#include "system/process/namespace.hpp"

namespace dba::steps {
namespace {

using namespace std::string_view_literals;
using nlohmann::json;

constexpr int seconds_per_module = 120;

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// What a bundled interpreter leaves out, since services have no use for it.
bool is_left_out(std::string_view module) {
    static constexpr std::array names = {"tkinter"sv, "_tkinter"sv,    "turtle"sv,   "idlelib"sv,
                                         "test"sv,    "_testcapi"sv,   "lib2to3"sv,  "pydoc_data"sv,
                                         "nis"sv,     "ossaudiodev"sv, "ensurepip"sv};
    return is_in(names, module);
}

bool is_for_tests(std::string_view module) {
    static constexpr std::array names = {"test"sv,       "tests"sv, "testing"sv,  "conftest"sv,
                                         "docs"sv,       "doc"sv,   "examples"sv, "example"sv,
                                         "benchmarks"sv, "setup"sv};
    return is_in(names, module);
}

bool derives_from(const RaisedError& error, std::string_view type) {
    return std::find(error.bases.begin(), error.bases.end(), type) != error.bases.end();
}

// Errors that say the code itself is wrong or incomplete, wherever it runs.
bool is_fault(const RaisedError& error) {
    for (const char* type : {"ImportError", "SyntaxError", "AttributeError", "NameError",
                             "TypeError", "UnicodeError", "SystemError"})
        if (derives_from(error, type)) return true;
    return error.type == "LookupError";  // an unknown encoding
}

class ImportCheck {
 public:
    ImportCheck(const PythonEnvironment& environment, const PythonFacts& facts, Findings& findings,
                Findings& notes)
        : findings_(findings), notes_(notes) {
        provided_.insert(facts.modules.begin(), facts.modules.end());
        for (const Distribution& one : environment.distributions)
            for (const std::string& module : one.modules)
                provided_.insert(top_level_module(module));
    }

    void judge(const ImportJob& job, const ImportResult& result) {
        if (result.outcome == "ok") {
            if (result.gil)
                add_finding(notes_, job,
                            "turns the global lock of the free-threaded Python on again",
                            "take a version that is made for free-threaded Pythons");
            return;
        }
        if (result.outcome == "missing")
            return add_finding(findings_, job,
                               fmt::format("{} has no {}", job.module, result.attribute),
                               "its distribution is damaged, or names the wrong function");
        if (result.outcome == "exit")
            return add_finding(job.script.empty() ? notes_ : findings_, job,
                               "ends the process when it is imported", "");
        if (result.outcome == "timeout")
            return add_finding(job.is_folder && job.script.empty() ? notes_ : findings_, job,
                               fmt::format("is not imported after {} seconds", seconds_per_module),
                               "");
        if (result.outcome == "signal")
            return add_finding(findings_, job,
                               fmt::format("importing it ends Python by {}", result.signal),
                               "a library that it loads does not fit this system");
        if (!result.chain.empty()) check_error(job, result.chain);
    }

 private:
    void check_error(const ImportJob& job, const std::vector<RaisedError>& chain) {
        const RaisedError& error = chain.front();
        const std::string said = fmt::format("{}: {}{}", error.type, error.message,
                                             error.file.starts_with('/')
                                                 ? fmt::format(" ({}:{})", error.file, error.line)
                                                 : std::string());
        for (const RaisedError& cause : chain) {
            if (cause.type != "ModuleNotFoundError" || cause.name.empty()) continue;
            const std::string top = top_level_module(cause.name);
            if (is_of_another_system(top))
                return add_finding(
                    notes_, job, fmt::format("is for another system: it needs {}", cause.name), "");
            if (is_removed_from_python(top))
                return add_finding(
                    findings_, job,
                    fmt::format("needs {}, which this Python no longer has", cause.name),
                    "take a newer version of the distribution, or an older Python");
            if (is_left_out(top))
                return add_finding(
                    notes_, job,
                    fmt::format("needs {}, which a bundled interpreter leaves out", cause.name),
                    "");
            if (!provided_.contains(top)) return missing_distribution(job, cause.name);
        }
        if (derives_from(error, "MemoryError") || error.type == "MemoryError")
            return add_finding(findings_, job,
                               fmt::format("asks for more than {} MiB of memory when it is "
                                           "imported",
                                           memory_in_a_namespace() >> 20U),
                               "judge it on a machine with more memory, if it is meant to");
        if (job.script.empty() && is_for_tests(top_level_module(job.module)))
            return add_finding(notes_, job, said, "");
        if (is_fault(error))
            return add_finding(findings_, job, said, "its distribution is incomplete or damaged");
        add_finding(notes_, job, said, "");
    }

    // What nobody here brings is optional for a module; a script cannot do without, but for those
    // of distributions with optional parts: pip installs their scripts in any case.
    void missing_distribution(const ImportJob& job, const std::string& name) {
        const std::string message =
            fmt::format("needs {}, which no distribution of the package brings", name);
        if (job.script.empty() || job.has_extras) return add_finding(notes_, job, message, "");
        add_finding(findings_, job, message,
                    "name the distribution that has it in the requirements");
    }

    static void add_finding(Findings& into, const ImportJob& job, const std::string& message,
                            std::string hint) {
        if (job.script.empty())
            into.push_back({"import", job.path,
                            fmt::format("{} ({}): {}", job.module, job.distribution, message),
                            std::move(hint)});
        else
            into.push_back({"entry-point", job.path,
                            fmt::format("{} ({}): {}", job.script, job.distribution, message),
                            std::move(hint)});
    }

    std::set<std::string> provided_;
    Findings& findings_;
    Findings& notes_;
};

}  // namespace

std::vector<ImportJob> import_jobs(const PythonEnvironment& environment) {
    std::vector<ImportJob> jobs;
    for (const std::string& module : environment.library_modules)
        jobs.push_back({module, {}, environment.prefix + "/python", "the interpreter", "", false});
    for (const Distribution& one : environment.distributions) {
        const std::string name = fmt::format("{} {}", one.metadata.name, one.metadata.version);
        const bool has_extras = !one.metadata.provides_extra.empty();
        for (const std::string& module : one.modules)
            jobs.push_back({module, {}, one.directory, name, "", has_extras, one.is_folder});
        for (const EntryPoint& point : one.entry_points) {
            if (point.group != "console_scripts" && point.group != "gui_scripts") continue;
            const std::string_view object = point.object;
            const std::size_t colon = object.find(':');
            ImportJob job{std::string(text::trim(object.substr(0, colon))),
                          {},
                          one.directory,
                          name,
                          point.name,
                          has_extras};
            if (colon != std::string_view::npos)
                for (const auto part : text::split(text::trim(object.substr(colon + 1)), '.'))
                    job.attributes.emplace_back(part);
            jobs.push_back(std::move(job));
        }
    }
    return jobs;
}

Result<std::optional<ImportReport>> run_imports(const PythonEnvironment& environment,
                                                const std::vector<ImportJob>& jobs,
                                                const View& view, Isolation isolation,
                                                System& system, Findings& findings) {
    json order = json::array();
    for (const ImportJob& job : jobs)
        order.push_back({{"module", job.module}, {"attributes", job.attributes}});
    TRY_ASSIGN(const fs::path mount_point, system.store.scratch("view"));
    const auto all = static_cast<unsigned>(seconds_per_module * (jobs.size() + 1));
    TRY_ASSIGN(const Namespace setup, Namespace::prepare(view, mount_point, isolation, all));
    const PythonRun run{.program = environment.prefix + "/bin/python3",
                        .flags = {"-I"},
                        .environment = {{"PATH", environment.prefix + "/bin:/usr/bin:/bin"},
                                        {"HOME", "/tmp"},
                                        {"TMPDIR", "/tmp"},
                                        {"LANG", "C.UTF-8"},
                                        {"LC_ALL", "C.UTF-8"}},
                        .seconds = seconds_per_module};
    DoesNotStart instead;
    TRY_ASSIGN(auto report, ask_python(run, order, setup, system.processes, instead));
    if (!report)
        findings.push_back({"python", run.program, "does not start: " + instead.said,
                            "the interpreter of the package is incomplete or damaged"});
    return report;
}

void check_python(const PythonEnvironment& environment, const PythonFacts& facts,
                  Findings& findings) {
    const std::string python = environment.prefix + "/bin/python3";
    const auto add_finding = [&](std::string message) {
        findings.push_back({"python", python, std::move(message),
                            "the environment must keep to its own interpreter"});
    };
    if (facts.prefix != environment.prefix)
        add_finding(fmt::format("sys.prefix is {}, not {}", facts.prefix, environment.prefix));
    if (facts.version != environment.version)
        add_finding(
            fmt::format("is Python {}, pyvenv.cfg says {}", facts.version, environment.version));
    // The standard library of PYTHON SYSTEM: beside the interpreter that is declared.
    const std::string base =
        environment.interpreter.empty()
            ? environment.prefix
            : fs::path(environment.interpreter).parent_path().parent_path().string();
    if (!text::is_within(facts.base_prefix, base))
        add_finding(fmt::format("sys.base_prefix is {}, not in {}", facts.base_prefix, base));
    for (const std::string& path : facts.path)
        if (!text::is_within(path, environment.prefix) && !text::is_within(path, base + "/lib"))
            add_finding(fmt::format("sys.path has {}", path));
    for (const std::string& path : {facts.standard_library, facts.encodings})
        if (!text::is_within(path, base))
            add_finding(fmt::format("its standard library is in {}", path));
}

void check_imports(const PythonEnvironment& environment, const std::vector<ImportJob>& jobs,
                   const ImportReport& report, Findings& findings, Findings& notes) {
    ImportCheck judge(environment, report.facts, findings, notes);
    for (std::size_t i = 0; i < jobs.size(); ++i) judge.judge(jobs[i], report.results[i]);
}

}  // namespace dba::steps
