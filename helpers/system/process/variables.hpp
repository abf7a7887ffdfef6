// ${NAME} in the URLs of a requirements file: who builds has the value in the environment, and
// nothing that is written holds it.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

// The names of the ${NAME} in a text: capitals, digits and underscores, as in pip's format.
std::set<std::string> variables_in(std::string_view text);

// With the values of this process's own environment. bad_input naming `where` for one that is not
// set.
Result<std::string> expand_variables(std::string_view text, const std::string& where);

// For a child that expands them itself.
void pass_variables(Environment& environment, const std::set<std::string>& names);

// ${NAME} in place of its value, for what a child says.
std::string hide_variables(std::string text, const std::set<std::string>& names);

}  // namespace dba
