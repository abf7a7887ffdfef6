// Checks of the whole stack that need names, modes and facts only, no file's bytes.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/findings.hpp"
#include "model/layer.hpp"
#include "model/manifest.hpp"
#include "needs/resolve.hpp"
#include "steps/verify/layer.hpp"
#include "system/debian/dpkg.hpp"

namespace dba::steps {

// dpkg's lists have a line for each file: it refuses names with a newline in them.
void check_name(const LayerEntry& entry, Findings& findings);

// No setuid, setgid or sticky bit, nothing that everyone may write.
void check_mode(const LayerEntry& entry, Findings& findings);

// A symbolic link ends at something of the package, or at one of `declared` (paths on the target
// that the package is meant to lean on).
void check_link(const LayerEntry& entry, const PackageTree& tree,
                const std::set<std::string>& declared, Findings& findings);

// Programs of the package are run by the package's own interpreter, or by a file that a package of
// the target owns (`packages` is nullptr when there is no target to ask: then an absolute path is
// enough). PREFIX/bin and what the user wrote are held to it; scripts deep inside third-party
// distributions are started by nobody.
void check_script(const ScriptFact& script, const std::string& prefix, bool own,
                  const PackageTree& tree, const DpkgDatabase* packages, Findings& findings);

// SERVICE commands and SCRIPTS name programs that are there.
void check_programs(const Manifest& manifest, const PackageTree& tree,
                    const std::vector<Layer>& layers, const DpkgDatabase& packages,
                    Findings& findings);

}  // namespace dba::steps
