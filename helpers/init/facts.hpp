// What the files of a project say outright; guesses.hpp makes guesses of it.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "formats/python/layout.hpp"
#include "formats/python/project.hpp"
#include "formats/python/required_python.hpp"
#include "formats/python/setup_facts.hpp"
#include "init/project_files.hpp"

namespace dba::init {

// Of distributions, normalised; and "django>=6" where the release decides on the Python.
using Names = std::set<std::string>;

struct Facts {
    ProjectFiles files;
    ProjectMetadata metadata;
    FoundLayout layout;
    Names needed;                         // what it requires by itself, and by its lock
    std::map<std::string, Names> extras;  // and what each of these brings
    std::map<std::string, Names> groups;
    bool says_requirements = false;     // in pyproject.toml, setup.cfg, setup.py or a Pipfile
    std::vector<std::string> asked_of;  // files of requirements that REQUIREMENTS has to name
    std::string lock;                   // "uv.lock"; "" = none
    std::map<std::string, std::string> scripts;  // programs: "hello" -> "hello.cli:main"
    SetupFacts setup;                            // of setup.py and setup.cfg
    std::string backend;                         // "hatchling.build", "" = none is named
    std::vector<std::string> build_requires;     // of [build-system]
    std::vector<std::string> members;            // of a uv workspace, as directories
    std::optional<PythonDemand> python;
    std::vector<std::string> not_read;  // sentences: what could not be understood

    [[nodiscard]] bool is_folder() const { return layout.layout == Layout::folder; }
    [[nodiscard]] bool needs(const std::string& distribution) const {
        return needed.contains(distribution);
    }
};

// bad_input for a pyproject.toml that is no TOML, and for a directory with no Python project.
Result<Facts> read_facts(const fs::path& directory);

// The distributions that a file of requirements names, with those of files that it includes.
// What cannot be read is added to `not_read`.
Names named_in(const ProjectFiles& files, const std::string& path,
               std::vector<std::string>& not_read);

}  // namespace dba::init
