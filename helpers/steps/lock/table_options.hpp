// The project's tables as the installer takes them.
#pragma once

#include "formats/python/project_tables.hpp"
#include "model/manifest.hpp"
#include "python/installer_options.hpp"

namespace dba::steps {

// What counts whoever resolved: indexes, find-links, and how sdists are built.
InstallerOptions options_of_tables(const ProjectTables& tables, const Manifest& manifest);

// bad_input for a setting that this build would resolve without: one that is not known, or that
// pip has not.
Result<void> require_obeyed(const ProjectTables& tables, const Manifest& manifest);

// What uv's lock cannot bring to pip, which builds the sdists: bad_input.
Result<void> require_builds_obeyed(const ProjectTables& tables, const Manifest& manifest);

}  // namespace dba::steps
