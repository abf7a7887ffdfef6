#include "init/guess_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "formats/debian/version.hpp"
#include "formats/python/imports.hpp"
#include "formats/python/module_names.hpp"
#include "formats/python/versioning.hpp"
#include "formats/text/text.hpp"
#include "init/applications.hpp"
#include "init/host_packages.hpp"
#include "init/layouts.hpp"
#include "init/place.hpp"

namespace dba::init {
namespace {

void add_layout(Guessed& guessed) {
    const Facts& facts = guessed.facts;
    guessed.folder = facts.is_folder();
    if (guessed.folder) return;
    std::string reason = backend_gives_up(facts);
    // A wheel has no manage.py.
    if (reason.empty() && find_django(facts) && facts.scripts.empty() && !facts.files.in_src())
        reason = "manage.py and what lies beside it are in no wheel";
    if (reason.empty()) return;
    guessed.folder = true;
    guessed.draft.add("LAYOUT folder", reason);
}

void add_version(const Guessed& guessed) {
    const Facts& facts = guessed.facts;
    Draft& draft = guessed.draft;
    if (guessed.facts.layout.described) {
        const auto tool = git_tool_among(facts.build_requires);
        if (tool && guessed.place.in_git)
            draft.add("BUILD_DEPENDS git", fmt::format("{} asks git for the version", tool->name));
        return;
    }
    if (guessed.place.in_git && guessed.place.uncommitted.empty()) {
        draft.suggest("VERSION 1.0.0", "the version is the git tag's, without one 0+git…");
        return;
    }
    draft.add("VERSION 0.1.0", "nothing says which version this is");
    draft.unknown.emplace_back("the version: VERSION says it");
}

void add_description(const Guessed& guessed) {
    const Facts& facts = guessed.facts;
    Draft& draft = guessed.draft;
    if (facts.metadata.people.empty() && !guessed.place.in_git) {
        draft.suggest("MAINTAINER \"Name <name@example.org>\"", "the project names nobody");
        draft.unknown.emplace_back("who maintains the package: MAINTAINER says it");
    }
    if (facts.metadata.summary.empty())
        draft.suggest("DESCRIPTION \"What it is, in one line\"", "the project does not say it");
}

// The newest Python of this machine that the project is for, or the oldest that there could be.
void add_python(const Guessed& guessed, const Machine& machine) {
    const auto& demand = guessed.facts.python;
    if (!demand || machine.python == 0 || demand->allows_some_of(machine.python)) return;
    Draft& draft = guessed.draft;
    const std::string why = fmt::format("{} is {}, and this machine's Python 3.{}", demand->where,
                                        demand->text, machine.python);
    for (const int other : machine.others) {
        if (!demand->allows_some_of(other)) continue;
        draft.add(fmt::format("PYTHON_VERSION 3.{}", other), why);
        return;
    }
    // Which suite has one; no other Python is here.
    struct SuitePython {
        const char* suite;
        int minor;
    };
    static constexpr std::array suites{SuitePython{"bookworm", 11}, SuitePython{"trixie", 13},
                                       SuitePython{"forky", 14}};
    for (const auto& [suite, minor] : suites) {
        if (!demand->allows_some_of(minor)) continue;
        draft.add(fmt::format("SUITES {}", suite),
                  fmt::format("{}; the package is made in a root of {}, which has 3.{}, and is for "
                              "such hosts",
                              why, suite, minor));
        draft.suggest(fmt::format("PYTHON_VERSION 3.{}", minor),
                      fmt::format("instead of SUITES, for this machine's suite: after `uv python "
                                  "install 3.{}`",
                                  minor));
        return;
    }
    draft.unknown.push_back(
        why +
        ": no suite has one that would do; PYTHON_VERSION names one that lies on this machine");
}

std::string from_here(const Guessed& guessed, const std::string& file) {
    const std::string& base = guessed.place.source_dir;
    return (fs::path(base) / file).lexically_normal().string();
}

void add_requirements(const Guessed& guessed) {
    const Facts& facts = guessed.facts;
    for (const std::string& file : facts.asked_of)
        guessed.draft.add("REQUIREMENTS " + cmake_word(from_here(guessed, file)),
                          "nothing else says what it needs");
    for (const std::string& sentence : facts.not_read) guessed.draft.unknown.push_back(sentence);
}

// What setup.py imports, and what modules of the project do that it imports.
std::set<std::string> imports_of_setup(const Facts& facts, const std::string& setup) {
    std::set<std::string> others, seen;
    std::vector<std::string> texts{setup};
    while (!texts.empty()) {
        const std::string text = std::move(texts.back());
        texts.pop_back();
        for (const std::string& import : plain_imports(text)) {
            bool own = false;
            for (const Module& module : facts.files.modules()) {
                // "searx.version" runs searx/__init__.py, too.
                const bool runs = import == module.name || import.starts_with(module.name + ".");
                own = own || runs;
                if (runs && seen.insert(module.name).second) texts.push_back(module.text);
            }
            if (!own) others.insert(top_level_module(import));
        }
    }
    return others;
}

// They are there when it runs only if they are asked for.
void add_build_requirements(const Guessed& guessed) {
    const Facts& facts = guessed.facts;
    const auto setup = facts.files.text("setup.py");
    if (!setup || guessed.folder || !facts.build_requires.empty()) return;
    static constexpr std::array usual{
        "numpy", "Cython",          "cffi",     "pybind11",  "setuptools_scm", "pkg_resources",
        "toml",  "setuptools_rust", "requests", "packaging", "yaml",           "jinja2",
        "pip"};
    std::vector<std::string> names;
    for (const std::string& top : imports_of_setup(facts, *setup)) {
        const std::string_view renamed = renamed_distribution(top);
        const std::string name = renamed.empty() ? top : std::string(renamed);
        const bool known = std::find(usual.begin(), usual.end(), top) != usual.end() ||
                           facts.needs(normalise_distribution(name));
        if (known) names.push_back(name);
    }
    if (!names.empty())
        guessed.draft.add("BUILD_REQUIREMENTS " + cmake_words(names),
                          "setup.py imports them, or imports modules that do");
}

void add_build_depends(const Guessed& guessed) {
    const Facts& facts = guessed.facts;
    auto packages = build_packages_for(facts.needed);
    std::string why = "some of the requirements are compiled here";
    const bool compiled =
        !guessed.folder &&
        (facts.setup.compiles ||
         std::any_of(facts.files.paths().begin(), facts.files.paths().end(),
                     [](const std::string& path) { return path.ends_with(".pyx"); }));
    if (compiled && packages.empty()) {
        packages = {"gcc", "python3-dev"};
        why = "it has extension modules";
    }
    if (packages.empty()) return;
    guessed.draft.add("BUILD_DEPENDS " + cmake_words(packages), why);
    guessed.draft.unknown.push_back(
        fmt::format("whether these are all that the build needs: `cmake --build build --target "
                    "{0}-build-deps` installs them, {0}-find-build-deps finds what is missing",
                    guessed.draft.name));
}

}  // namespace

void guess_source(Guessed& guessed, const Machine& machine) {
    add_place(guessed.place, guessed.draft);
    add_layout(guessed);
    add_version(guessed);
    add_description(guessed);
    add_python(guessed, machine);
    add_requirements(guessed);
    add_build_requirements(guessed);
    add_build_depends(guessed);
}

void guess_exclude(const Guessed& guessed) {
    if (!guessed.folder) return;
    std::vector<std::string> names;
    for (const std::string& path : guessed.facts.files.paths()) {
        const std::string name = text::file_name(path);
        if (!name.starts_with("Dockerfile") && !name.starts_with("Containerfile")) continue;
        const auto text = guessed.facts.files.text(path);
        if (text && text->find(".cache/") != std::string::npos) names.push_back("app/" + path);
    }
    if (!names.empty())
        guessed.draft.add("EXCLUDE " + cmake_words(names),
                          "it names caches of a build, and a host has no use for it");
}

}  // namespace dba::init
