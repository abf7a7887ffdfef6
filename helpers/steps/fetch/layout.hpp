// The application's layout, once its files are there.
#pragma once

#include "model/manifest.hpp"
#include "steps/fetch/fetched_source.hpp"

namespace dba::steps {

// PREPARE may have made a package of a folder: then that counts, where LAYOUT says nothing.
// bad_input for a folder that has neither metadata nor modules.
Result<void> settle_layout(Manifest& manifest, const FetchedSource& source);

}  // namespace dba::steps
