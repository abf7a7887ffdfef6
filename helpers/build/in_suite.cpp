#include "build/in_suite.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "build/build.hpp"
#include "build/depfile.hpp"
#include "build/suite_places.hpp"
#include "steps/resolve/suite.hpp"
#include "steps/resolve/target.hpp"
#include "system/debian/dpkg.hpp"
#include "system/debian/kept_root.hpp"
#include "system/files/file_lock.hpp"
#include "system/files/files.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"
#include "system/process/namespace.hpp"

namespace dba {
namespace {

constexpr const char* carried = "usr/local/libexec/deb-build-app";  // in the root
// Where a root is seen whose programs are not run.
constexpr const char* target_inside = "/usr/local/lib/deb-build-app-target";
constexpr const char* inside_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Result<void> carry(const fs::path& file, const fs::path& directory) {
    return link_or_copy(fs::canonical(file), directory / file.filename());
}

// What is laid over the root: the program with its libraries, uv, a few files of this machine's
// configuration, and a directory for each place.
Result<void> lay_over(const fs::path& tree, const Declaration& declaration,
                      const std::vector<SuitePlace>& places, const Environment& environment) {
    const fs::path program = tree / carried;
    TRY(make_directories(program));
    TRY(link_or_copy(own_program(), program / program_name));
    for (const fs::path& library : own_libraries()) TRY(carry(library, program));
    if (const fs::path uv = steps::uv_of(declaration); !uv.empty()) {
        TRY(make_directories(tree / "usr/local/bin"));
        TRY(link_or_copy(fs::canonical(uv), tree / "usr/local/bin/uv"));
    }
    std::vector<fs::path> files{"/etc/resolv.conf", "/etc/hosts",
                                "/etc/ssl/certs/ca-certificates.crt"};
    for (const auto& [name, value] : environment)
        if (value.starts_with('/') && file_exists(value)) files.emplace_back(value);
    for (const fs::path& file : files) {
        if (!file_exists(file)) continue;
        const fs::path copy = tree / file.relative_path();
        TRY(make_directories(copy.parent_path()));
        TRY(dba::copy_file(file, copy));
    }
    for (const SuitePlace& place : places) TRY(make_directories(tree / place.path.relative_path()));
    return make_directories(tree / fs::path(target_inside).relative_path());
}

std::vector<std::string> command_inside(const std::vector<std::string>& arguments) {
    const std::string directory = std::string("/") + carried;
    std::vector<std::string> command;
    if (const auto libraries = own_libraries(); !libraries.empty())
        command = {fmt::format("{}/{}", directory, libraries.back().filename().string()),
                   "--library-path", directory};
    command.push_back(fmt::format("{}/{}", directory, program_name));
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

// Nothing of it is kept: a directory of this build's own in the work directory, whose lock it has.
struct Stage {
    fs::path path;
    Descriptor lock;
};

Result<Stage> open_stage(const fs::path& work, Log& log) {
    TRY(make_directories(work));
    Stage stage{work / "inside", {}};
    TRY_ASSIGN(stage.lock, lock_file(work / "inside.lock", FileLock::exclusive, [&] {
                   log.step("suite", "waiting for another build in " + work.string());
               }));
    TRY(remove_tree(stage.path));
    for (const char* part : {"tree", "mount", "tmp", "var-tmp"})
        TRY(make_directories(stage.path / part));
    return stage;
}

std::vector<SuitePlace> places_of(const CommandInRoot& command) {
    auto places = suite_places(command.declaration, command.options, command.environment);
    for (const fs::path& directory : command.seen) places.push_back({directory, false});
    return places;
}

Result<void> settle_depfile(const CommandInRoot& command, const std::vector<std::string>& notes) {
    const fs::path& file = command.options.depfile;
    TRY_ASSIGN(const auto text, read_file_if_exists(file));
    if (!text) return {};
    std::vector<std::string> seen;
    for (const SuitePlace& place : places_of(command)) seen.push_back(place.path.string());
    return write_file(file, depfile_outside(*text, seen, notes));
}

Result<Completed> run_on_stage(const CommandInRoot& command, const Stage& stage,
                               ProcessRunner& processes) {
    const BuildOptions& options = command.options;
    for (const fs::path& directory :
         {options.output.parent_path(), options.output_dir, options.pin.parent_path(),
          options.depfile.parent_path(), options.cache.directory,
          fs::path(command.environment.at("UV_CACHE_DIR")),
          fs::path(command.environment.at("PIP_CACHE_DIR"))})
        if (!directory.empty()) TRY(make_directories(directory));
    const auto places = places_of(command);
    TRY(lay_over(stage.path / "tree", command.declaration, places, command.environment));
    View view = root_view(command.root, stage.path / "tree");
    view.with_network = true;
    view.keeps_user = true;
    view.writable = {{stage.path / "tmp", "tmp"}, {stage.path / "var-tmp", "var/tmp"}};
    for (const SuitePlace& place : places)
        view.writable.push_back({place.path, place.path.string(), !place.writable});
    if (!command.target.empty()) view.writable.push_back({command.target, target_inside, true});
    std::string reason;
    TRY_ASSIGN(const Namespace setup,
               Namespace::prepare(view, stage.path / "mount", find_isolation(reason), 0));
    TRY_ASSIGN(Completed done, processes.run({.argv = command_inside(command.arguments),
                                              .environment = command.environment,
                                              .directory = options.declaration.parent_path(),
                                              .setup = &setup,
                                              .shows_stderr = command.shows_stderr}));
    TRY(remove_tree(stage.path));
    return done;
}

// What is run inside, of this program.
std::vector<std::string> words_of(const SuiteBuild& build) {
    const BuildOptions& options = build.options;
    std::vector<std::string> words{build.command, "--declaration", options.declaration.string(),
                                   "--work", options.work.string()};
    if (!options.for_suite.empty()) words.insert(words.end(), {"--for-suite", options.for_suite});
    for (const auto& [name, file] :
         {std::pair("--pin", options.pin), std::pair("--joined", options.joined)})
        if (!file.empty()) words.insert(words.end(), {name, file.string()});
    // Settled here: neither this environment nor this user's directories are there.
    const CacheSettings& cache = options.cache;
    words.insert(words.end(),
                 {"--cache-dir", cache.directory.empty() ? "OFF" : cache.directory.string()});
    if (!cache.directory.empty()) {
        words.insert(words.end(), {"--cache-size", std::to_string(cache.max_size), "--cache-push",
                                   cache.push ? "ON" : "OFF"});
        if (!cache.url.empty()) words.insert(words.end(), {"--cache-url", cache.url});
    }
    words.insert(words.end(), build.arguments.begin(), build.arguments.end());
    return words;
}

// What a build is for.
struct Host {
    std::string suite;
    std::string architecture;  // "" = this machine's
    [[nodiscard]] bool is_foreign() const { return !architecture.empty(); }
};

Result<Host> host_of(const SuiteBuild& build, const Declaration& declaration) {
    Host host{build.options.for_suite, build.architecture};
    if (!host.suite.empty()) TRY(steps::refuse_target_root(declaration, host.suite));
    if (host.suite.empty()) {
        host.suite = own_suite();
        if (host.suite.empty())
            return bad_input("architecture " + host.architecture,
                             "is made in the suite of this machine, whose os-release names none",
                             "say which: SUITES, or --suite");
    }
    if (host.architecture == own_architecture()) host.architecture.clear();
    if (host.architecture.empty()) return host;
    const std::string subject = "architecture " + host.architecture;
    TRY(steps::refuse_other_root(declaration, subject));
    if (!declaration.python.executable.empty())
        return bad_input("PYTHON_EXECUTABLE " + declaration.python.executable,
                         "is a Python of this machine, and the package is for " + subject,
                         "leave PYTHON_EXECUTABLE or ARCHITECTURES out: a package for another "
                         "architecture gets the Python of the suite");
    return host;
}

std::string title_of(const Host& host) {
    return host.architecture.empty() ? host.suite
                                     : fmt::format("{} on {}", host.suite, host.architecture);
}

}  // namespace

// The interpreter, what `python3 -m venv` and BUNDLED ask for, git for build backends that ask it,
// and who signs certificates.
RootRequest building_root(const std::string& suite, std::vector<std::string> mirrors,
                          std::vector<std::string> relations) {
    std::sort(relations.begin(), relations.end());
    return {suite,
            {"ca-certificates", "git", "patchelf", "python3", "python3-venv"},
            std::move(relations),
            {},
            std::move(mirrors)};
}

Environment environment_inside() {
    Environment environment{{"PATH", inside_path},
                            {"HOME", real_home().string()},
                            {"LANG", "C.UTF-8"},
                            {"LC_ALL", "C.UTF-8"}};
    pass_connection_settings(environment);
    return environment;
}

Environment roots_environment() {
    Environment environment{{"PATH", own_variable("PATH") + ":/usr/sbin:/sbin"},
                            {"HOME", real_home().string()},
                            {"LANG", "C.UTF-8"},
                            {"LC_ALL", "C.UTF-8"},
                            {"DEBIAN_FRONTEND", "noninteractive"}};
    pass_connection_settings(environment);
    return environment;
}

Result<std::string> build_in_suite(const SuiteBuild& build, ProcessRunner& processes, Log& log) {
    const BuildOptions& options = build.options;
    TRY_ASSIGN(const Declaration declaration, read_declaration(options.declaration));
    TRY_ASSIGN(const Host host, host_of(build, declaration));
    TRY(require_namespaces(host.suite));
    TRY_ASSIGN(const Stage stage, open_stage(options.work, log));
    const RootSettings settings{build.roots, build.root_age, "suite"};
    TRY_ASSIGN(auto mirrors, steps::mirrors_of(declaration, host.suite));
    const RootRequest request =
        building_root(host.suite, std::move(mirrors), declaration.build_depends);
    KeptRoot target;  // is read and not run
    std::vector<std::string> words = words_of(build);
    std::vector<std::string> notes = build.notes;
    if (host.is_foreign()) {
        RootRequest other = request;
        other.architecture = host.architecture;
        TRY_ASSIGN(target, open_root(other, settings, roots_environment(), processes, log));
        words.insert(words.end(), {"--target-root", target_inside});
        notes.push_back(target.note.string());
    }
    TRY_ASSIGN(const KeptRoot root,
               open_root(request, settings, roots_environment(), processes, log));
    notes.push_back(root.note.string());
    log.step("suite", fmt::format("{} in a root of {} made {} ago{}",
                                  build.command == "build" ? "building" : build.command, host.suite,
                                  age_text(root.age),
                                  host.is_foreign()
                                      ? fmt::format(", for {}: what is built and started is this "
                                                    "machine's",
                                                    host.architecture)
                                      : ""));
    const CommandInRoot command{options,   declaration, std::move(words), environment_inside(),
                                root.tree, true,        build.seen,       target.tree};
    TRY_ASSIGN(const Completed done, run_on_stage(command, stage, processes));
    if (done.status != 0) {
        const bool ours = done.status >= static_cast<int>(ExitCode::failed_check) &&
                          done.status <= static_cast<int>(ExitCode::system);
        const std::string name = build.name.empty() ? title_of(host) : build.name;
        return Failure(Error{
            ours ? static_cast<ExitCode>(done.status) : ExitCode::system, "suite", declaration.name,
            fmt::format("its package for {} was not made: see above", name),
            host.architecture.empty()
                ? fmt::format("mend it, or leave {} out of SUITES", name)
                : fmt::format("mend it, or leave {} out of ARCHITECTURES", host.architecture)});
    }
    TRY(settle_depfile(command, notes));
    return done.out;
}

Result<void> require_namespaces(const std::string& suite) {
    std::string reason;
    if (find_isolation(reason) != Isolation::none) return {};
    return system_error("suite " + suite,
                        "a build in its root needs user namespaces, and this kernel or "
                        "container allows none: " +
                            reason,
                        "allow them (sysctl user.max_user_namespaces, "
                        "kernel.unprivileged_userns_clone), or make packages as root");
}

Result<Completed> run_in_root(const CommandInRoot& command, ProcessRunner& processes, Log& log) {
    TRY_ASSIGN(const Stage stage, open_stage(command.options.work, log));
    return run_on_stage(command, stage, processes);
}

}  // namespace dba
