// site-packages beside an application that is no package: which names are both the application's
// and a library's, and links for what looks for the application's files there.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "python/venv.hpp"
#include "system/files/files.hpp"

namespace dba::steps {

// Names at the application's top that get no link, since a library has that name and Python takes
// neither for the other. bad_input by name where one would hide the other. `record` is the
// RECORD of the application's wheel.
Result<std::set<std::string>> shared_names(const fs::path& record, const Manifest& manifest,
                                           const std::vector<Layer>& third_party);

// Relative links to all else at the top of PREFIX/app, listed in the distribution's RECORD.
Result<void> link_folder(const Venv& venv, const Manifest& manifest,
                         const std::set<std::string>& without);

}  // namespace dba::steps
