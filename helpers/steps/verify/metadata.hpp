// What `pip check` checks: whether the distributions of an environment go together.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "formats/python/marker.hpp"
#include "formats/python/requirement.hpp"
#include "model/findings.hpp"
#include "model/layer.hpp"
#include "steps/verify/distributions.hpp"

namespace dba::steps {

// The marker variables (PEP 508) of a CPython on a Debian architecture. Those that depend on the
// running kernel are empty; no extra is chosen.
MarkerContext marker_context(const std::string& version, const std::string& architecture);

// The distributions that the package says were chosen over what others ask for (package.json):
// for them, a version that does not fit is a note.
std::set<std::string> overridden_in(const std::vector<Layer>& layers);

// Every Requires-Dist that applies is met, Requires-Python holds, no distribution is there twice:
// findings of check "metadata". What cannot be read is a note: installers take it too.
void check_metadata(const PythonEnvironment& environment, const std::string& architecture,
                    const std::set<std::string>& overridden, Findings& findings, Findings& notes);

// Modules that nobody may have meant: those that every start of this Python runs (site), and those
// of the names of its own library, which hides them. Notes of check "module".
void check_module_names(const PythonEnvironment& environment, const std::vector<Layer>& layers,
                        Findings& notes);

}  // namespace dba::steps
