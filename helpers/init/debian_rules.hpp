// What debian/rules says to dh_virtualenv, as keywords.
#pragma once

#include <string>
#include <vector>

#include "formats/debian/rules_file.hpp"
#include "init/draft.hpp"
#include "init/project_files.hpp"

namespace dba::init {

struct OldBuild {
    std::string prefix;  // "/opt/venvs/hello"
    std::string source;  // --sourcedirectory; "" = the directory above debian/
    std::vector<Entry> entries;
    std::vector<std::string> before;   // lines of CMake
    std::vector<std::string> unknown;  // sentences
};

// `project`: what lies above debian/, where scripts of rules are looked for. bad_input where
// nothing calls dh_virtualenv.
Result<OldBuild> old_build(const RulesFile& rules, const std::string& package,
                           const ProjectFiles& project);

}  // namespace dba::init
