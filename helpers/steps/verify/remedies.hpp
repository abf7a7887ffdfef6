// The line of a declaration that brings what a program lacks.
#pragma once

#include <string>
#include <vector>

#include "steps/verify/distributions.hpp"
#include "steps/verify/probe.hpp"

namespace dba::steps {

struct Lack {
    std::string module;                // "pkg_resources", "hello.wsgi"
    std::string file;                  // what imports it
    const Distribution* of = nullptr;  // whose program it is that does, or nullptr
};

class Remedies {
 public:
    // `application`: the normalised name of the application's distribution.
    Remedies(const PythonEnvironment& environment, const PythonFacts& facts,
             std::string application);

    // What is wrong: "needs yaml, which no distribution of the package brings".
    [[nodiscard]] std::string message(const Lack& lack) const;
    // "REQUIREMENTS PyYAML"; never "".
    [[nodiscard]] std::string line(const Lack& lack) const;

    // The package of Debian that PYTHON SYSTEM has the module from; "" for all others.
    [[nodiscard]] std::string debian_package_of(const std::string& module) const;

 private:
    [[nodiscard]] std::string debian_package(const std::string& module) const;
    [[nodiscard]] const Distribution* provider_of(const std::string& top) const;
    [[nodiscard]] const Distribution* owner_of(const std::string& file) const;
    [[nodiscard]] bool is_application(const Distribution& one) const;
    [[nodiscard]] std::string extra_with(const Distribution& one,
                                         const std::string& distribution) const;
    [[nodiscard]] std::string line_of_library(const std::string& module) const;
    [[nodiscard]] bool is_standard(const std::string& top) const;
    [[nodiscard]] int minor() const;

    const PythonEnvironment& environment_;
    const PythonFacts& facts_;
    std::string application_;
};

// What to install for a module, as PyPI spells it, where the names differ: "PyYAML" for "yaml".
std::string distribution_with(const std::string& top);

// What Python had once (PEP 594, PEP 632), or some other system's Python has.
bool is_removed_from_python(std::string_view module);
bool is_of_another_system(std::string_view module);

}  // namespace dba::steps
