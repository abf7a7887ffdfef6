// What setup.py and setup.cfg say of requirements, programs and packages, as far as they say it in
// literals. Nothing is run.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

struct SetupFacts {
    std::vector<std::string> requirements;  // install_requires
    bool says_requirements = false;         // all of them are literals
    std::map<std::string, std::vector<std::string>> extras;
    std::map<std::string, std::string> scripts;  // of console_scripts: "hello" -> "hello.cli:main"
    std::vector<std::string> script_files;       // scripts=[...]
    std::vector<std::string> requirement_files;  // files of requirements that the text names
    bool names_packages = false;                 // packages or py_modules are given
    bool compiles = false;                       // ext_modules, and the like
};

SetupFacts setup_py_facts(std::string_view text);
SetupFacts setup_cfg_facts(std::string_view text);

// Adds what `other` has to `facts`.
void join(SetupFacts& facts, const SetupFacts& other);

}  // namespace dba
