// finish: layers -> one more layer. FINISH commands run with the package's Python and libraries at
// their final path; what they write is the package's.
#pragma once

#include <optional>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"
#include "system/system.hpp"

namespace dba::steps {

struct FinishInputs {
    const FetchedSource& source;
    const std::vector<Layer>& layers;  // as relocate left them: the application's is the last
};

// nullopt when there is nothing to run, or nothing was written. The commands start in a copy of the
// source, or in PREFIX/app where the application lies there, and see this machine read-only. Files
// that they write below PREFIX are taken as they are; those that they write into the copy's
// packages are taken for where these are installed. bad_input for a command that fails, and for one
// that changes or removes a file that the package has; system when this machine makes no
// namespaces.
Result<std::optional<Layer>> finish(const Manifest& manifest, const FinishInputs& inputs,
                                    System& system);

}  // namespace dba::steps
