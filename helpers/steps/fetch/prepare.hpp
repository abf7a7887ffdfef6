// PREPARE: what runs on the copy of the source.
#pragma once

#include "model/manifest.hpp"
#include "system/files/files.hpp"
#include "system/files/store.hpp"
#include "system/system.hpp"

namespace dba::steps {

// What of the manifest, and which files, the commands and the playbook may go by.
Result<void> add_prepare_inputs(const Manifest& manifest, Receipt& receipt);

using Commands = std::vector<std::vector<std::string>>;

// Runs both in `directory`, the project's in the copy of the source. Returned are the commands from
// the first Python program on that needs the application's libraries: they run after the
// installation.
Result<Commands> prepare(const Manifest& manifest, const fs::path& copy, const fs::path& directory,
                         System& system);

}  // namespace dba::steps
