#include "steps/verify/starts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "formats/debian/control.hpp"
#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"
#include "model/json.hpp"
#include "source/application_files.hpp"
#include "steps/verify/laid_out.hpp"
#include "steps/verify/launched.hpp"
#include "steps/verify/layer.hpp"
#include "steps/verify/other_programs.hpp"
#include "steps/verify/package_files.hpp"
#include "steps/verify/programs.hpp"
#include "steps/verify/start_judge.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

using nlohmann::json;

// Raised when the check says something else of the same programs.
constexpr int format_of_starts = 2;
constexpr int seconds_per_start = 60;

json job_of(const WantedAtStart& wanted) {
    return {{"way", wanted.way},
            {"module", wanted.module},
            {"object", wanted.object},
            {"file", wanted.file},
            {"code", wanted.code},
            {"any", wanted.any},
            {"types", wanted.types},
            {"attributes", wanted.attributes},
            {"path", wanted.path},
            {"arguments", wanted.arguments},
            {"directory", wanted.directory},
            {"call", wanted.call}};
}

// Whether modules may come from directories that the host fills.
bool looks_elsewhere(const Manifest& manifest, const Launched& launched,
                     const WantedAtStart& wanted, const Program& program) {
    std::vector<std::string> places = wanted.path;
    if (const auto path = launched.environment.find("PYTHONPATH");
        path != launched.environment.end())
        for (const std::string& place : text::search_path(path->second)) places.push_back(place);
    return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
        return place != program.directory && place != "/" &&
               !text::is_within(place, manifest.prefix) &&
               (!text::is_below(place, "/usr") || text::is_below(place, "/usr/local"));
    });
}

bool is_written_at_run(const std::string& path) {
    for (const char* place : {"/tmp", "/run", "/var", "/dev"})
        if (text::is_below(path, place)) return true;
    return false;
}

class StartsCheck {
 public:
    StartsCheck(const Manifest& manifest, const StartsInputs& inputs, Isolation isolation,
                System& system)
        : manifest_(manifest),
          inputs_(inputs),
          isolation_(isolation),
          system_(system),
          files_(inputs.layers) {}

    Result<void> prepare() {
        TRY_ASSIGN(environment_, read_environment(inputs_.layers, manifest_.prefix, unused_));
        entries_ = script_entries(environment_);
        TRY(read_control());
        TRY_ASSIGN(place_, lay_out(manifest_, inputs_.layers, environment_, system_));
        return {};
    }

    Result<LayerReport> run(const std::vector<Program>& programs) {
        for (const Program& program : programs) TRY(prove(program));
        TRY(prove_other_programs());
        if (!proven_.empty())
            system_.log.step("verify",
                             fmt::format("starts as declared: {}", fmt::join(proven_, "; ")));
        return std::move(report_);
    }

    // The entry points that were proven.
    [[nodiscard]] std::vector<std::string> used() const { return {used_.begin(), used_.end()}; }

    Result<LayerReport> judge_unused(const std::vector<std::string>& used) {
        return judge_other_programs({manifest_, environment_, place_, isolation_}, used, system_);
    }

    // Why the last of them could not be asked; "" when it was.
    [[nodiscard]] const std::string& unproven() const { return unproven_; }

    Result<void> clear() { return remove_tree(place_.scratch); }

 private:
    Result<void> read_control() {
        TRY_ASSIGN(const std::string text, read_file(inputs_.debian / "control"));
        TRY_ASSIGN(const auto stanzas, parse_control(text, "control"));
        for (const char* name : {"Pre-Depends", "Depends"}) {
            const std::string* value = stanzas.empty() ? nullptr : stanzas.front().find(name);
            if (value == nullptr) continue;
            TRY_ASSIGN(const auto relations, parse_relations(*value));
            relations_.insert(relations_.end(), relations.begin(), relations.end());
        }
        // A supervisor or an adduser says nothing about what a program can load.
        for (const auto& alternatives : relations_) {
            const bool decides =
                std::any_of(alternatives.begin(), alternatives.end(), [](const Relation& one) {
                    return one.package.starts_with("lib") ||
                           one.package.find("python3") != std::string::npos;
                });
            const bool met =
                std::any_of(alternatives.begin(), alternatives.end(),
                            [&](const Relation& one) { return inputs_.packages.satisfies(one); });
            if (decides && !met) not_installed_.push_back(to_text(alternatives));
        }
        return {};
    }

    Result<void> no_namespace(const Error& error) {
        unproven_ = error.cause;
        return Failure(error);
    }

    Result<void> prove(const Program& program) {
        const Surroundings around{program.directory, program.environment,
                                  [&](const std::string& path) { return files_.read(path); }};
        const Launched launched = launched_by(program.command, environment_, entries_, around);
        check_outside(program, launched);
        if (!launched.entry.empty()) used_.insert(launched.entry);
        std::vector<const WantedAtStart*> asked;
        json jobs = json::array();
        for (const WantedAtStart& wanted : launched.wanted) {
            if (wanted.way == "unnamed") {
                report_.findings.push_back(
                    {"start", "",
                     fmt::format("{}: {} names no object of the module", program.what, wanted.name),
                     fmt::format("write {}:app, or what it is called there", wanted.module)});
                continue;
            }
            asked.push_back(&wanted);
            jobs.push_back(job_of(wanted));
        }
        if (asked.empty()) return {};
        if (!program.credentials.empty())
            TRY(lay_credentials(place_, program.environment.at("CREDENTIALS_DIRECTORY"),
                                program.credentials));
        const unsigned all = static_cast<unsigned>(seconds_per_start * (asked.size() + 1));
        const auto setup = place_.enter(isolation_, all);
        if (!setup) return no_namespace(setup.error());
        PythonRun run{.program = environment_.prefix + "/bin/python3",
                      .flags = launched.python_flags,
                      .environment = launched.environment,
                      .directory = launched.directory,
                      .seconds = seconds_per_start};
        DoesNotStart instead;
        const auto answer = ask_python(run, jobs, *setup, system_.processes, instead);
        if (!answer) return no_namespace(answer.error());
        if (!*answer) {
            report_.findings.push_back(
                {"start", "",
                 fmt::format("{}: the package's Python does not start: {}", program.what,
                             instead.said),
                 "see its options and PYTHON variables; or the interpreter is damaged"});
            return {};
        }
        judge(program, launched, asked, **answer);
        return {};
    }

    void judge(const Program& program, const Launched& launched,
               const std::vector<const WantedAtStart*>& asked, const ImportReport& report) {
        const std::size_t before = report_.findings.size() + report_.warnings.size();
        const Remedies remedies(environment_, report.facts,
                                normalise_distribution(manifest_.project.name));
        const StartJudge judge{remedies, manifest_.prefix, not_installed_, report_.findings,
                               report_.warnings};
        const auto entry = entries_.find(launched.entry);
        const Distribution* of = entry == entries_.end() ? nullptr : entry->second.distribution;
        std::vector<std::string> names;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            // The first that is missing is what the others fail for, too.
            judge.judge(program.what, *asked[i], report.results[i], of,
                        looks_elsewhere(manifest_, launched, *asked[i], program),
                        seconds_per_start);
            if (asked[i]->way != "program" && asked[i]->way != "file")
                names.push_back(asked[i]->name);
            check_loaded(program, *asked[i], report.results[i].loaded);
        }
        if (report_.findings.size() + report_.warnings.size() == before)
            proven_.push_back(names.empty()
                                  ? program.what
                                  : fmt::format("{} ({})", program.what, fmt::join(names, ", ")));
    }

    [[nodiscard]] bool comes_along(const InstalledPackage* owner) {
        if (!declared_) declared_ = inputs_.packages.closure(relations_);
        return owner != nullptr && (owner->always_there || declared_->contains(owner));
    }

    // What was found on this machine is to be found on every other one.
    void check_loaded(const Program& program, const WantedAtStart& wanted,
                      const std::vector<std::string>& files) {
        for (const std::string& file : files) {
            const InstalledPackage* owner = inputs_.packages.owner(file);
            // Of the package, or made by the program itself.
            if (comes_along(owner) || files_.has(file) || is_written_at_run(file)) continue;
            const std::string name = owner == nullptr ? file : owner->name;
            if (!told_.emplace(program.what, name).second) continue;
            report_.findings.push_back(
                {"start", "",
                 owner == nullptr
                     ? fmt::format("{}: {}: loads {}, which no package of the target has",
                                   program.what, wanted.name, file)
                     : fmt::format("{}: {}: loads {} of {}, which Depends does not bring in",
                                   program.what, wanted.name, file, name),
                 owner == nullptr ? "take it from a package of Debian, and name that in DEPENDS"
                                  : "DEPENDS " + name});
        }
    }

    // Programs of the target that are started come with the package's Depends, or are everywhere.
    void check_outside(const Program& program, const Launched& launched) {
        if (!launched.other_python.empty())
            report_.findings.push_back(
                {"start", "",
                 fmt::format("{}: {} does not see what is in {}", program.what,
                             launched.other_python, manifest_.prefix),
                 "COMMAND python ... is the package's own"});
        for (const std::string& path : launched.outside) {
            const InstalledPackage* owner = inputs_.packages.owner(path);
            if (path == launched.other_python || comes_along(owner)) continue;
            report_.findings.push_back(
                {"start", path,
                 owner == nullptr
                     ? fmt::format("{} runs it, and no package of the target has it", program.what)
                     : fmt::format("{} runs it, and Depends does not bring in {}, which has it",
                                   program.what, owner->name),
                 owner == nullptr
                     ? "name a program of the environment, or one of a package in DEPENDS"
                     : fmt::format("DEPENDS {}", owner->name)});
        }
    }

    // The application's programs that nothing here starts: somebody may, but they may be of an
    // extra that was left out on purpose.
    Result<void> prove_other_programs() {
        Findings findings = std::move(report_.findings);
        report_.findings.clear();
        for (const auto& [name, entry] : entries_) {
            if (used_.contains(name) || !is_application(entry.distribution, manifest_)) continue;
            TRY(prove({name + " (which nothing here starts)",
                       {environment_.prefix + "/bin/" + name},
                       {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/tmp"}},
                       "/"}));
        }
        report_.warnings.insert(report_.warnings.end(), report_.findings.begin(),
                                report_.findings.end());
        report_.findings = std::move(findings);
        return {};
    }

    const Manifest& manifest_;
    const StartsInputs& inputs_;
    Isolation isolation_;
    System& system_;
    PackageFiles files_;
    LaidOut place_;
    PythonEnvironment environment_;
    ScriptEntries entries_;
    std::vector<std::vector<Relation>> relations_;
    std::vector<std::string> not_installed_;
    std::optional<std::set<const InstalledPackage*>> declared_;
    std::set<std::pair<std::string, std::string>> told_;  // of what, and which package
    std::set<std::string> used_;
    std::vector<std::string> proven_;
    std::string unproven_;
    Findings unused_;  // of the environment: check_environment() tells them
    LayerReport report_;
};

std::string kept_inputs(const Manifest& manifest, const std::vector<Program>& programs) {
    json all = json::array();
    for (const Program& program : programs)
        all.push_back({program.what, program.command, program.environment, program.directory,
                       program.credentials});
    all.push_back(manifest.prefix);
    all.push_back(manifest.target.root);
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<void> keep(const LayerReport& report, const fs::path& fresh, Log& log) {
    for (const Finding& warning : report.warnings)
        log.warning("verify", warning.hint.empty()
                                  ? warning.message
                                  : fmt::format("{} ({})", warning.message, warning.hint));
    return write_file(fresh / "verdict.json", to_json_text(report));
}

void warn_unproven(const std::string& reason, Log& log, VerifyReport& verified) {
    const Finding warning{"start", "",
                          fmt::format("not proven that SERVICE and SCRIPTS can start: this system "
                                      "allows no namespaces here: {}",
                                      reason),
                          "build as root, or allow user namespaces"};
    log.warning("verify", fmt::format("{} ({})", warning.message, warning.hint));
    verified.warnings.push_back(warning);
}

Result<void> take(const fs::path& kept, VerifyReport& verified) {
    const fs::path file = kept / "verdict.json";
    TRY_ASSIGN(const std::string text, read_file(file));
    TRY_ASSIGN(LayerReport report, parse_layer_report(text, file.string()));
    for (Finding& one : report.findings) verified.findings.push_back(std::move(one));
    for (Finding& one : report.warnings) verified.warnings.push_back(std::move(one));
    return {};
}

}  // namespace

Result<void> check_starts(const Manifest& manifest, const StartsInputs& inputs, System& system,
                          VerifyReport& verified) {
    TRY_ASSIGN(const auto programs, programs_of(manifest, inputs.layers));
    if (programs.empty()) return {};
    std::string reason;
    const Isolation isolation = find_isolation(reason);
    if (isolation == Isolation::none) {
        warn_unproven(reason, system.log, verified);
        return {};
    }
    TRY_ASSIGN(const std::string control, read_file(inputs.debian / "control"));
    Receipt receipt{"verify-starts", format_of_starts};
    receipt.add("programs", kept_inputs(manifest, programs))
        .add("project", manifest.project.name)
        .add("manifest.target.state_digest", manifest.target.state_digest)
        .add("control", control)
        .add("layers", inputs.layers)
        .share(Sharing::machine);
    StartsCheck check(manifest, inputs, isolation, system);
    bool prepared = false;
    const auto prepare = [&]() -> Result<void> {
        if (!std::exchange(prepared, true)) TRY(check.prepare());
        return {};
    };
    const auto kept = system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
        TRY(prepare());
        TRY_ASSIGN(const LayerReport report, check.run(programs));
        TRY(write_file(fresh / "used.json", json(check.used()).dump()));
        return keep(report, fresh, system.log);
    });
    if (!kept && !check.unproven().empty()) {
        warn_unproven(check.unproven(), system.log, verified);
        return check.clear();
    }
    if (!kept) return Failure(kept.error());
    TRY(take(*kept, verified));

    // Asked for in any case: what is not asked for is not kept for the next build.
    TRY_ASSIGN(const std::string text, read_file(*kept / "used.json"));
    const auto used = json::parse(text).get<std::vector<std::string>>();
    Receipt others{"verify-programs", format_of_starts};
    others.add("prefix", manifest.prefix)
        .add("used", used)
        .add("manifest.target.root", manifest.target.root);
    std::vector<Layer> layers;
    for (const Layer& layer : inputs.layers)
        if (!is_own(layer, manifest)) layers.push_back(layer);
    others.add("layers", layers).share(Sharing::machine);
    TRY_ASSIGN(const fs::path told,
               system.store.obtain(others, [&](const fs::path& fresh) -> Result<void> {
                   TRY(prepare());
                   TRY_ASSIGN(const LayerReport report, check.judge_unused(used));
                   return keep(report, fresh, system.log);
               }));
    TRY(take(told, verified));
    return prepared ? check.clear() : Result<void>();
}

}  // namespace dba::steps
