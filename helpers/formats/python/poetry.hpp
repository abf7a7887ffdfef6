// Poetry's version constraints, and its dependencies as PEP 508 has them.
#pragma once

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

// "^1.2" -> ">=1.2,<2": what Poetry adds to PEP 440 ("^", "~", a bare version, "*", also Pipenv's
// "*"). bad_input naming `where` for alternatives ("||"), which PEP 440 cannot say.
Result<std::string> poetry_specifiers(std::string_view constraint, const std::string& where);

// The same of a `python` constraint, where a bare "3.11" means all of 3.11, as in the wheels that
// Poetry builds.
std::string poetry_python(std::string_view constraint);

// Whether a version satisfies a constraint, alternatives included.
bool poetry_allows(const std::string& constraint, const std::string& version);

// ">=3.8,<4" of `python` -> "python_full_version >= '3.8' and python_full_version < '4'"
Result<std::string> python_marker(std::string_view constraint, const std::string& where);

}  // namespace dba
