// Relations (Policy 7.1) that one package can have in several suites, where one thing has another
// name or version in each.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"

namespace dba {

// `by_suite` has the relation field of each suite, the preferred one first; "" asks for nothing
// there, and has no say. What comes out holds in every suite: "libssl3t64 (>= 3.0.0) | libssl3 (>=
// 3.0.0)", and at the lowest version where the name is the same.
Result<std::vector<std::string>> merge_relations(const std::vector<std::string>& by_suite);

// Without those that follow from another one: of "libssl3 (>= 3.0.0)" and "libssl3 (>= 3.0.9)" the
// second is left. Each text is one relation, with its alternatives.
Result<std::vector<std::string>> without_implied(const std::vector<std::string>& relations);

}  // namespace dba
