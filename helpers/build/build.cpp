#include "build/build.hpp"

#include <fmt/format.h>

#include <ctime>
#include <optional>

#include "build/depfile.hpp"
#include "build/publish.hpp"
#include "build/report.hpp"
#include "formats/text/text.hpp"
#include "formats/text/visible.hpp"
#include "model/joined_suites.hpp"
#include "model/json.hpp"
#include "steps/build_depends/build_depends.hpp"
#include "steps/depends/depends.hpp"
#include "steps/fetch/fetch.hpp"
#include "steps/fetch/layout.hpp"
#include "steps/finish/finish.hpp"
#include "steps/install/install.hpp"
#include "steps/interpreter/interpreter.hpp"
#include "steps/lock/lock.hpp"
#include "steps/lock/python.hpp"
#include "steps/pack/pack.hpp"
#include "steps/relocate/relocate.hpp"
#include "steps/render/render.hpp"
#include "steps/resolve/commit_files.hpp"
#include "steps/resolve/grammar.hpp"
#include "steps/resolve/resolve.hpp"
#include "steps/resolve/suite.hpp"
#include "steps/resolve/target.hpp"
#include "steps/verify/deb.hpp"
#include "steps/verify/directories.hpp"
#include "steps/verify/installable.hpp"
#include "steps/verify/verify.hpp"
#include "steps/wheel/version.hpp"
#include "steps/wheel/wheel.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"

namespace dba {

namespace {

// An error that does not say where it happened happened in `step`.
template <class T>
Result<T> in(const char* step, Result<T> result) {
    if (!result && result.error().step.empty()) {
        auto error = std::move(result).error();
        error.step = step;
        return Failure(error);
    }
    return result;
}

// Findings become one error: a package that failed a check is not made.
Result<void> refuse(const Findings& findings, const std::string& subject) {
    if (findings.empty()) return {};
    std::string cause = text::counted(findings.size(), "check") + " failed";
    for (const auto& finding : findings) {
        cause += fmt::format("\n  {}: {}{}{}", finding.check, text::visible(finding.path),
                             finding.path.empty() ? "" : ": ", finding.message);
        if (!finding.hint.empty()) cause += fmt::format(" ({})", finding.hint);
    }
    return Failure(Error{ExitCode::failed_check, "verify", subject, cause, {}});
}

}  // namespace

Result<Declaration> read_declaration(const fs::path& file) {
    TRY_ASSIGN(const auto text, read_file(file));
    TRY_ASSIGN(auto declaration, parse_declaration(text, file.string()));
    TRY(steps::check_grammar(declaration));
    return declaration;
}

namespace {

Result<std::optional<JoinedSuites>> read_joined(const fs::path& file) {
    if (file.empty()) return std::optional<JoinedSuites>();
    TRY_ASSIGN(const auto text, read_file(file));
    TRY_ASSIGN(auto joined, parse_joined_suites(text, file.string()));
    return std::optional(std::move(joined));
}

// The steps, in order; what is made of `built` so far is there when one of them fails.
Result<void> run_steps(const BuildOptions& options, System& system, Built& built) {
    timespec start{};
    ::clock_gettime(CLOCK_REALTIME, &start);

    const auto stop_after = [&](const char* step, const fs::path& shown) {
        built.steps_made = system.store.made();
        built.shown = shown;
        return options.until == step;
    };

    TRY_ASSIGN(auto declaration, read_declaration(options.declaration));
    TRY_ASSIGN(const auto joined, read_joined(options.joined));
    if (!options.for_suite.empty())
        TRY(in("resolve", steps::declare_for_suite(declaration, options.for_suite,
                                                   joined ? joined->suffix : "")));
    if (!options.target_root.empty())
        TRY(in("resolve", steps::declare_for_root(declaration, options.target_root)));
    TRY(system.store.open());

    // Build dependencies are this machine's, whatever the target is; before any other work.
    TRY(in("build-deps",
           steps::require_build_depends(declaration.build_depends, "/", declaration.name)));

    // resolve: every default filled in, git commit pinned, versions fixed.
    const fs::path pin = options.pin.empty() ? options.work / "pin.json" : options.pin;
    const fs::path git_cache = options.work / "git";
    TRY_ASSIGN(
        built.manifest,
        in("resolve", steps::resolve(declaration, {git_cache, pin, options.update}, system)));
    const Manifest& manifest = built.manifest;
    if (joined) built.manifest.target.suites = joined->name;
    TRY(write_if_changed(options.work / "manifest.json", to_json_text(manifest)));
    if (stop_after("resolve", options.work / "manifest.json")) return {};

    // fetch: the application's source, PREPARE steps run on the copy.
    TRY_ASSIGN(const auto source, in("fetch", steps::fetch(manifest, {git_cache}, system)));
    TRY(in("fetch", steps::settle_layout(built.manifest, source)));
    TRY(write_if_changed(options.work / "manifest.json", to_json_text(manifest)));
    if (stop_after("fetch", source.directory)) return {};
    TRY(in("interpreter", steps::check_python(manifest, source, python_places(), system)));

    // interpreter: before wheel, which is built by it, and lock, which asks it for markers and
    // tags.
    TRY_ASSIGN(const auto interpreter, in("interpreter", steps::interpreter(manifest, {}, system)));
    if (stop_after("interpreter", interpreter.directory)) return {};

    // wheel: the application's wheel, and what it says of itself.
    TRY_ASSIGN(const auto wheel,
               in("wheel", steps::wheel(manifest, {source, interpreter}, system)));
    TRY(in("wheel", steps::check_python_of(wheel, manifest, python_places(), system)));
    // Its version counts from here on.
    TRY(in("wheel", steps::take_version(built.manifest, wheel)));
    steps::take_description(built.manifest, wheel, system);
    TRY(write_if_changed(options.work / "manifest.json", to_json_text(manifest)));
    if (stop_after("wheel", wheel.file)) return {};

    // lock: every third-party file with its sha256.
    TRY_ASSIGN(const auto lock,
               in("lock", steps::lock(manifest, {source, interpreter, wheel, options.refresh_lock},
                                      system)));
    if (stop_after("lock", lock.file)) return {};

    // install: one layer per third-party distribution, one for the application.
    TRY_ASSIGN(const auto installed,
               in("install", steps::install(manifest, {interpreter, lock, wheel}, system)));
    if (stop_after("install", installed.application.layers.front().directory)) return {};

    // relocate: final paths, .pyc, RECORD; nothing of the build path is left.
    TRY_ASSIGN(auto layers,
               in("relocate", steps::relocate(manifest, {interpreter, installed}, system)));
    if (stop_after("relocate", layers.back().directory)) return {};
    const std::size_t settled = layers.size() - 1;  // all but the application

    // finish: commands with the installed environment, and what they write as a layer.
    TRY_ASSIGN(auto finished, in("finish", steps::finish(manifest, {source, layers}, system)));
    if (finished) layers.push_back(std::move(*finished));
    if (stop_after("finish", layers.back().directory)) return {};

    // depends: what the layers' binaries need, as Debian dependencies of the target; of several
    // suites when all of them have been asked.
    if (joined && joined->answers.empty()) {
        TRY_ASSIGN(const auto needs, in("depends", steps::keep_needs(manifest, layers, system)));
        stop_after("depends", needs);
        return {};
    }
    TRY_ASSIGN(
        const auto dependencies,
        in("depends", steps::depends(manifest, {layers, joined ? &*joined : nullptr}, system)));
    TRY(write_if_changed(options.work / "depends.json", to_json_text(dependencies)));
    if (stop_after("depends", options.work / "depends.json")) return {};

    // render: the host layer and DEBIAN/.
    TRY_ASSIGN(
        const auto rendered,
        in("render", steps::render(manifest, {layers, dependencies, lock.overridden}, system)));
    // What hosts of a suite could not install is no package for it.
    if (!options.for_suite.empty()) {
        const std::vector<RootOfSuite> own{{options.for_suite, manifest.target.root, ""}};
        TRY_ASSIGN(
            const auto refused,
            in("depends", steps::check_installable({rendered.debian, joined ? joined->bare : own,
                                                    options.declaration.parent_path()},
                                                   manifest.target.architecture, system)));
        TRY(refuse(refused, manifest.name));
    }
    if (stop_after("render", rendered.debian)) return {};
    layers.push_back(rendered.host);

    // verify: each layer once, then the plan as a whole; in each suite, if there are several.
    const auto directories = steps::searched_directories(
        manifest,
        {options.work, options.declaration, options.output, options.output_dir, git_cache});
    TRY_ASSIGN(const auto verified,
               in("verify", steps::verify(manifest, {layers, rendered, directories}, system)));
    TRY(refuse(verified.findings, manifest.name));
    for (const RootOfSuite& place : joined ? joined->complete : std::vector<RootOfSuite>()) {
        system.log.step("verify",
                        fmt::format("in a root of {} with what it depends on", place.suite));
        Manifest there = manifest;
        TRY_ASSIGN(there.target, in("verify", steps::resolve_target(place.root)));
        TRY_ASSIGN(const auto judged,
                   in("verify", steps::verify(there, {layers, rendered, directories}, system)));
        TRY(refuse(judged.findings, fmt::format("{} in {}", manifest.name, place.suite)));
    }
    if (stop_after("verify", options.work)) return {};

    // pack, and compare what came out with what was planned.
    TRY_ASSIGN(const auto packed,
               in("pack", steps::pack(manifest, {layers, rendered, settled}, system)));
    Receipt judged{"verify-deb"};
    judged.add("deb", packed.parent_path().filename().string());
    TRY(in("verify", system.store.obtain(judged, [&](const fs::path& fresh) -> Result<void> {
        TRY_ASSIGN(const auto wrong, steps::verify_deb(packed, layers));
        TRY(refuse(wrong, packed.filename().string()));
        return write_file(fresh / "passed", "");
    })));
    built.steps_made = system.store.made();
    system.store.give_shared();

    TRY_ASSIGN(built.deb, in("publish", publish(packed, options, start)));
    TRY_ASSIGN(const auto report,
               in("report", make_report(manifest, {layers, dependencies, verified, lock.file,
                                                   interpreter.directory / "trimmed.json",
                                                   rendered.debian, built.deb})));
    TRY(write_if_changed(options.work / "report.json", json_text(report)));
    TRY(in("publish", system.store.collect_garbage()));
    if (!options.depfile.empty())
        TRY(in("publish",
               write_depfile(declaration, manifest, built.deb, pin, source, lock.read, options)));
    return {};
}

}  // namespace

Result<Built> build(const BuildOptions& options, System& system) {
    Built built;
    if (auto done = run_steps(options, system, built); !done)
        return Failure(steps::as_declared(std::move(done).error(), built.manifest.declared));
    return built;
}

}  // namespace dba
