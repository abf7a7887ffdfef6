// What `pip check` checks: whether the distributions of an environment go together.
#pragma once

#include <string>

#include "formats/python/marker.hpp"
#include "formats/python/requirement.hpp"
#include "model/findings.hpp"
#include "steps/verify/distributions.hpp"

namespace dba::steps {

// The marker variables (PEP 508) of a CPython on a Debian architecture. Those that depend on the
// running kernel are empty; no extra is chosen.
MarkerContext marker_context(const std::string& version, const std::string& architecture);

// Every Requires-Dist that applies is met, Requires-Python holds, no distribution is there twice:
// findings of check "metadata". What cannot be read is a note: installers take it too.
void check_metadata(const PythonEnvironment& environment, const std::string& architecture,
                    Findings& findings, Findings& notes);

}  // namespace dba::steps
