// For a target that is another machine: what was built here, and runs there only when nothing of it
// was compiled.
#pragma once

#include <optional>
#include <string>

#include "model/manifest.hpp"
#include "model/result.hpp"
#include "python/venv.hpp"

namespace dba {

// bad_input for a wheel, built here, whose name says that it is for this machine; `label` is whose.
Result<void> refuse_native_wheel(const std::string& label, const std::string& file_name,
                                 const Manifest& manifest);

// The same of what is installed in an environment for the target, by the tags in its WHEEL files.
Result<void> refuse_native_wheels(const Venv& venv, const Manifest& manifest);

// When an installer could not build a source distribution, or cannot use what it built.
struct NativeBuild {
    std::string name;  // whose; "" when it does not say
    std::string remedy;
};
std::optional<NativeBuild> native_build(const std::string& output, const Manifest& manifest);

}  // namespace dba
