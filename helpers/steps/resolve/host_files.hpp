// The part of resolve that settles which files of the declaration go where on the target.
#pragma once

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// CONFIG, CONFIG_DROPPED, CONFIG_VARIANTS, FILES, LINK, SCRIPTS and the maintainer's fragments, by
// the manifest's name.
Result<void> resolve_host_files(const Declaration& declaration, Manifest& manifest);

}  // namespace dba::steps
