// Which interpreters of a root the programs of a tree start: by the first lines of scripts, and by
// a virtual environment's link to its Python.
#pragma once

#include <string>
#include <vector>

#include "model/dependencies.hpp"
#include "needs/relations.hpp"
#include "needs/target.hpp"
#include "needs/tree.hpp"

namespace dba {

// Their packages into `relations`, with the reasons into `found`; what is essential is nobody's
// dependency (Policy 3.5). bad_input for a virtual environment whose Python the root has not, or
// has in another version. A script whose interpreter is nowhere is a warning: it may never run.
Result<void> add_interpreters(const AnyTree& tree, const TargetRoot& target,
                              const std::string& root, RelationSet& relations, Dependencies& found,
                              std::vector<std::string>& warnings);

}  // namespace dba
