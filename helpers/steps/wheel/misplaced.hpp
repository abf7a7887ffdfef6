// Files of a project's data_files that are meant for /etc, /usr or /var: a wheel can only put them
// below the environment, where nobody looks.
#pragma once

#include "model/manifest.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// By the RECORD of the application's wheel in `dist_info`. bad_input naming the first of them that
// EXCLUDE does not leave out, with the CONFIG or FILES to write instead. `project` is where its
// files are.
Result<void> refuse_misplaced(const Manifest& manifest, const fs::path& project,
                              const fs::path& dist_info);

}  // namespace dba::steps
