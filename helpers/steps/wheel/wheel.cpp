#include "steps/wheel/wheel.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/python/project.hpp"
#include "formats/python/project_tables.hpp"
#include "formats/text/shebang.hpp"
#include "python/compile.hpp"
#include "python/installer.hpp"
#include "python/native_wheels.hpp"
#include "python/remedy.hpp"
#include "steps/wheel/contents.hpp"
#include "steps/wheel/folder.hpp"
#include "steps/wheel/gaps.hpp"
#include "steps/wheel/misplaced.hpp"
#include "steps/wheel/place.hpp"
#include "steps/wheel/repository.hpp"
#include "steps/wheel/standard_modules.hpp"
#include "system/debian/contents.hpp"
#include "system/files/digest.hpp"
#include "system/files/resources.hpp"
#include "system/files/tree.hpp"
#include "system/host.hpp"

namespace dba::steps {
namespace {

constexpr int needs_more_rounds = 3;  // requirements of the backend, asked for one after another

std::vector<std::string> strings_of(const toml::node_view<const toml::node>& list) {
    std::vector<std::string> strings;
    if (const auto* array = list.as_array())
        for (const auto& item : *array) strings.push_back(item.value_or(std::string()));
    return strings;
}

// Console scripts of the build venv (cmake, ninja, cython) are started by backends. The
// venv moves when it is put in place, so they look for Python beside themselves.
Result<void> make_scripts_movable(const Venv& venv) {
    TRY_ASSIGN(const auto entries, list_tree(venv.prefix / "bin", "", false));
    for (const auto& entry : entries) {
        if (entry.kind != EntryKind::file) continue;
        const fs::path file = venv.prefix / "bin" / entry.path.substr(1);
        TRY_ASSIGN(const std::string bytes, read_file(file));
        const auto shebang = parse_shebang(bytes);
        if (!shebang || !shebang->interpreter.starts_with(venv.root.string())) continue;
        static const std::string_view trampoline =
            "#!/bin/sh\n"
            "'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/python3 \"$0\" \"$@\"\n"
            "' '''\n";
        TRY(write_file(file, std::string(trampoline) + bytes.substr(shebang->end), entry.mode));
    }
    return {};
}

Result<Venv> build_venv(const Manifest& manifest, const Layer& interpreter,
                        std::vector<std::string> requirements, System& system) {
    std::sort(requirements.begin(), requirements.end());
    Receipt receipt{"build-environment"};
    add_installer(receipt, manifest);
    TRY(add_index(receipt, manifest));
    receipt.add("interpreter", interpreter)
        .add("requirements", requirements)
        .add("manifest.prefix", manifest.prefix);
    if (const auto extra = extra_build_settings(manifest); !extra.empty())
        receipt.add("build-requirements-of", extra);
    TRY_ASSIGN(
        const fs::path directory,
        system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
            TRY_ASSIGN(const auto venv,
                       stage_venv(manifest, interpreter, fresh, VenvFor::building));
            if (requirements.empty()) return {};
            system.log.step("wheel", fmt::format("installing what the build needs: {}",
                                                 fmt::join(requirements, ", ")));
            const fs::path list = fresh / "requirements.txt";
            TRY(write_file(list, fmt::format("{}\n", fmt::join(requirements, "\n"))));
            Installation installation{.arguments = {"-r", list.string()}};
            installation.options.uv_settings = extra_build_settings(manifest);
            if (auto installed = run_install(venv, installation, manifest, system); !installed) {
                Error error = std::move(installed).error();
                error.subject = fmt::format("build requirements {}", fmt::join(requirements, ", "));
                return Failure(std::move(error));
            }
            return make_scripts_movable(venv);
        }));
    return venv_in(directory, manifest);
}

// "setuptools==80.9.0 wheel==0.45.1": what a build venv holds.
std::string versions_in(const Venv& venv) {
    static constexpr std::string_view suffix = ".dist-info";
    std::set<std::string> versions;
    for (const fs::path& path : paths_in(venv.site_packages)) {
        std::string name = path.filename().string();
        if (!name.ends_with(suffix)) continue;
        name.resize(name.size() - suffix.size());
        if (const auto dash = name.rfind('-'); dash != std::string::npos)
            name.replace(dash, 1, "==");
        versions.insert(name);
    }
    return fmt::format("{}", fmt::join(versions, " "));
}

struct Answer {
    std::string wheel;
    std::vector<std::string> wanted;
};

// What is built, and by what.
struct Order {
    const std::string& label;
    const Manifest& manifest;
    const FetchedSource& source;
    const Layer& interpreter;
    const BuildSystem& build;
    bool own;               // the application's, and not of something that it requires
    std::string name = {};  // as its metadata has it, normalised; "" when only its build tells
};

// What backends say of a project in which they find no package, or several; or what they lacked.
std::string hint_of(const std::string& said, const Order& order, const fs::path& project) {
    for (const char* words :
         {"Multiple top-level packages discovered", "Multiple top-level modules discovered",
          "No file/folder found for package", "No file/folder found for module",
          "Unable to determine which files to ship", "Expected a Python module at"})
        if (said.find(words) != std::string::npos)
            return "say which packages belong to it; or, where the folder itself is the "
                   "application, say LAYOUT folder";
    if (auto remedy = remedy_for({said, order.own ? std::string() : order.name, project},
                                 order.manifest, apt_lists))
        return *remedy;
    return "`python3 -m build --wheel` in the project's folder shows the same";
}

// One run of the backend, in a fresh copy of the source: build/ and *.egg-info of an earlier one
// must not get into the wheel, and the source stays as it was fetched.
Result<Answer> run_backend(const Order& order, const std::vector<std::string>& installed,
                           const Venv& venv, const fs::path& output, System& system) {
    TRY_ASSIGN(const BuildPlace place, BuildPlace::open(system.store, temporary_directories()));
    // A constant last component: some backends name things after the folder.
    const fs::path copy = place.directory() / "source";
    const BuildSystem& build = order.build;
    TRY_ASSIGN(
        const fs::path project,
        copy_source(order.source, copy,
                    is_of_setuptools(build.backend) ? OutsideLinks::kept : OutsideLinks::followed));
    if (order.own) TRY(hide_foreign_tags(copy, project, order.manifest));
    const nlohmann::json request = {
        {"backend", build.backend}, {"backend_path", build.backend_path}, {"installed", installed}};
    Command command;
    command.argv = {venv.python.string(), "-c", std::string(resource("python/build_wheel.py")),
                    request.dump(), output.string()};
    command.environment = installer_environment(place.directory(), order.manifest, true);
    call_it_final(command.environment, venv);
    command.environment["PATH"] =
        (venv.prefix / "bin").string() + ":" + command.environment["PATH"];
    keep_git_inside(command.environment, copy);
    if (order.own) {
        auto requirements = build.requires_;
        requirements.insert(requirements.end(), installed.begin(), installed.end());
        TRY(refuse_shallow(requirements, order.manifest, order.source.shallow));
        TRY(tell_version(requirements, order.manifest, find_in_path("git").has_value(),
                         command.environment));
    }
    command.directory = project;
    TRY_ASSIGN(const Completed run, system.processes.run(command));
    if (run.status != 0)
        return bad_input(
            order.label,
            fmt::format("its wheel cannot be built; {} says:\n{}", build.backend,
                        last_lines(redact_urls(run.err.empty() ? run.out : run.err), 12)),
            remedy_of_gaps(order.source)
                .value_or(hint_of(redact_urls(run.err + run.out), order, project)));
    TRY_ASSIGN(const std::string text, read_file(output / "answer.json"));
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
        return system_error(build.backend, "gave an answer that is no JSON: " + text);
    return Answer{json.value("wheel", std::string()),
                  json.value("requires", std::vector<std::string>())};
}

// `fresh` gets the wheel, its dist-info and contents.json.
Result<void> build_wheel(const Order& order, const fs::path& fresh, System& system) {
    const auto& [label, manifest, source, interpreter, build, own, name] = order;
    system.log.step("wheel",
                    own ? "building the application's wheel with " + build.backend
                        : fmt::format("building a wheel of {} with {}", label, build.backend));
    std::vector<std::string> installed;
    for (int round = 0; round < needs_more_rounds; ++round) {
        std::vector<std::string> requirements = build.requires_;
        requirements.insert(requirements.end(), installed.begin(), installed.end());
        TRY_ASSIGN(const auto environment, build_venv(manifest, interpreter, requirements, system));
        TRY_ASSIGN(const Answer answer, run_backend(order, installed, environment, fresh, system));
        TRY(remove_tree(fresh / "answer.json"));
        if (!answer.wanted.empty()) {
            installed.insert(installed.end(), answer.wanted.begin(), answer.wanted.end());
            continue;
        }
        TRY(write_file(fresh / "asked.json", nlohmann::json(installed).dump()));
        if (!own) return {};
        return complete_wheel({manifest, source, build.backend, requirements, environment.python},
                              fresh / answer.wheel, system);
    }
    return bad_input(build.backend, "asks for other build requirements each time it is run");
}

// Asks for what build_wheel() used, so that the store keeps it for the next change of the source.
Result<void> keep_build_environments(const Manifest& manifest, const Layer& interpreter,
                                     std::vector<std::string> requirements,
                                     const fs::path& directory, System& system) {
    TRY(build_venv(manifest, interpreter, requirements, system));
    TRY_ASSIGN(const std::string text, read_file(directory / "asked.json"));
    const auto asked = nlohmann::json::parse(text, nullptr, false);
    if (!asked.is_array() || asked.empty()) return {};
    for (const auto& item : asked) requirements.push_back(item.get<std::string>());
    TRY(build_venv(manifest, interpreter, requirements, system));
    return {};
}

Result<fs::path> wheel_file_in(const fs::path& directory) {
    for (const fs::path& path : paths_in(directory))
        if (path.extension() == ".whl") return path;
    return system_error(directory.string(), "the build backend left no wheel");
}

Result<BuiltWheel> wheel_in(const fs::path& directory) {
    BuiltWheel built;
    TRY_ASSIGN(built.file, wheel_file_in(directory));
    TRY_ASSIGN(built.digest, sha256_file(built.file));
    built.dist_info = directory / "dist-info";
    const std::string name = built.file.filename().string();
    TRY_ASSIGN(const std::string metadata, read_file(built.dist_info / "METADATA"));
    TRY_ASSIGN(built.metadata, parse_metadata(metadata, name + "/METADATA"));
    std::error_code error;
    if (const fs::path file = directory / "sent.json"; fs::exists(file, error)) {
        TRY_ASSIGN(const std::string sent, read_file(file));
        built.sent = nlohmann::json::parse(sent).get<std::map<std::string, std::string>>();
    }
    if (const fs::path file = built.dist_info / "entry_points.txt"; fs::exists(file, error)) {
        TRY_ASSIGN(const std::string text, read_file(file));
        TRY_ASSIGN(built.entry_points, parse_entry_points(text, name + "/entry_points.txt"));
    }
    return built;
}

// What the files of a project call it, normalised; "" when they leave that to a build.
Result<std::string> name_of_project(const fs::path& project) {
    ProjectMetadata metadata;
    for (const auto& [file, parse] : {std::pair<const char*, ProjectMetadata (*)(std::string_view)>(
                                          "setup.cfg", parse_setup_cfg),
                                      {"setup.py", parse_setup_py}}) {
        if (!file_exists(project / file)) continue;
        TRY_ASSIGN(const std::string text, read_file(project / file));
        merge(metadata, parse(text));
    }
    if (file_exists(project / "pyproject.toml")) {
        TRY_ASSIGN(const std::string text, read_file(project / "pyproject.toml"));
        TRY_ASSIGN(const auto declared,
                   parse_pyproject(text, (project / "pyproject.toml").string()));
        if (!declared.name.empty()) metadata.name = declared.name;
    }
    return metadata.name.empty() ? metadata.name : normalise_distribution(metadata.name);
}

// What the build needs beside what [build-system] declares: BUILD_REQUIREMENTS of the application,
// BUILD_REQUIREMENTS_OF, and the project's own [tool.uv] extra-build-dependencies of itself.
Result<void> add_build_requirements(BuildSystem& build, bool own, const std::string& name,
                                    const fs::path& project, const Manifest& manifest) {
    const auto add = [&](const std::vector<std::string>& more) {
        build.requires_.insert(build.requires_.end(), more.begin(), more.end());
    };
    if (own) add(manifest.build_requirements);
    if (name.empty()) return {};
    for (const auto& [distribution, requirements] : manifest.build_requirements_of)
        if (distribution == name) add(requirements);
    if (!file_exists(project / "pyproject.toml")) return {};
    TRY_ASSIGN(const std::string text, read_file(project / "pyproject.toml"));
    TRY_ASSIGN(const auto tables,
               parse_project_tables(text, (project / "pyproject.toml").string()));
    if (const auto found = tables.extra_build_requires.find(name);
        found != tables.extra_build_requires.end())
        add(found->second);
    return {};
}

Result<BuiltWheel> build(const std::string& label, bool own, const Manifest& manifest,
                         const WheelInputs& inputs, System& system) {
    const FetchedSource& source = inputs.source;
    const Layer& interpreter = inputs.interpreter;
    Receipt receipt{"wheel", 3};
    TRY_ASSIGN(BuildSystem build_system, build_system_of(source.directory));
    TRY_ASSIGN(const std::string name, name_of_project(source.directory));
    TRY(add_build_requirements(build_system, own, name, source.directory, manifest));
    const auto& requirements = build_system.requires_;
    add_installer(receipt, manifest);
    TRY(add_index(receipt, manifest));
    // Build requirements are resolved when their environment is made, and kept with it.
    TRY_ASSIGN(const auto environment, build_venv(manifest, interpreter, requirements, system));
    receipt.add("build-requirements", versions_in(environment))
        .add("interpreter", interpreter)
        .add("source", source.digest)
        .add("manifest.prefix", manifest.prefix)
        .add("manifest.source_date_epoch", manifest.source_date_epoch)
        .add("git", find_in_path("git").has_value());
    if (own) {
        const ReleasePlan& plan = manifest.release;
        receipt.add("prepared", source.prepared)
            .add("manifest.exclude", manifest.exclude)
            .add("manifest.release.tag", plan.tag)
            .add("manifest.release.alone", plan.alone)
            .add("manifest.release.names", plan.names)
            .add("manifest.dirty", manifest.dirty);
    }
    if (manifest.leak_waivers.empty()) receipt.share(Sharing::machine);
    TRY_ASSIGN(const fs::path directory,
               system.store.obtain(receipt, [&](const fs::path& fresh) -> Result<void> {
                   return build_wheel(
                       {label, manifest, source, interpreter, build_system, own, name}, fresh,
                       system);
               }));
    TRY_ASSIGN(auto built, wheel_in(directory));
    TRY(refuse_native_wheel(label, built.file.filename().string(), manifest));
    if (own) TRY(refuse_misplaced(manifest, source.directory, built.dist_info));
    TRY(keep_build_environments(manifest, interpreter, requirements, directory, system));
    return built;
}

}  // namespace

Result<BuildSystem> build_system_of(const fs::path& project) {
    BuildSystem build{{"setuptools >= 40.8.0"}, "setuptools.build_meta:__legacy__", {}};
    const fs::path file = project / "pyproject.toml";
    if (!path_exists(file)) {
        if (path_exists(project / "setup.py") || path_exists(project / "setup.cfg")) return build;
        return bad_input(project.string(),
                         "is not a Python project: it has no pyproject.toml, setup.py or setup.cfg",
                         "add a pyproject.toml, or name the folder that holds one (SOURCE_DIR, "
                         "GIT_SUBDIR)");
    }
    TRY_ASSIGN(const std::string text, read_file(file));
    try {
        const toml::table parsed = toml::parse(text);
        const auto system = parsed["build-system"];
        if (!system.is_table()) return build;
        build.requires_ = strings_of(system["requires"]);
        build.backend = system["build-backend"].value_or(build.backend);
        build.backend_path = strings_of(system["backend-path"]);
        return build;
    } catch (const toml::parse_error& problem) {
        return bad_input(fmt::format("{}:{}", file.string(), problem.source().begin.line),
                         std::string(problem.description()));
    }
}

Result<BuiltWheel> wheel(const Manifest& manifest, const WheelInputs& inputs, System& system) {
    if (manifest.project.is_folder()) {
        if (!manifest.build_requirements.empty())
            return bad_input(
                fmt::format("BUILD_REQUIREMENTS {}", fmt::join(manifest.build_requirements, " ")),
                "no build backend makes this application: it is shipped as it stands (" +
                    manifest.project.layout_reason + ")",
                "leave them out, or say LAYOUT package");
        TRY_ASSIGN(const fs::path directory, build_folder(manifest, inputs, system));
        return wheel_in(directory);
    }
    TRY_ASSIGN(auto built, build(manifest.name, true, manifest, inputs, system));
    TRY(refuse_standard_names(built.dist_info / "RECORD", manifest, inputs.interpreter, system));
    TRY_ASSIGN(const auto contents, read_contents(built.file.parent_path()));
    TRY(judge_contents(contents, manifest, system));
    return built;
}

Result<BuiltWheel> wheel_of(const std::string& label, const Manifest& manifest,
                            const WheelInputs& inputs, System& system) {
    return build(label, false, manifest, inputs, system);
}

}  // namespace dba::steps
