// fpm's command line for one package: documented options only (fpm's "deb" and "dir" pages).
#pragma once

#include <string>
#include <vector>

#include "formats/debian/control.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::packers {

struct FpmPackage {
    const Manifest& manifest;
    const Stanza& control;               // with Installed-Size
    std::vector<std::string> conffiles;  // paths on the target
    std::vector<std::string> scripts;    // names of maintainer scripts in `debian`
    std::string triggers;                // text of DEBIAN/triggers, "" = none
    bool has_templates = false;          // DEBIAN/templates, debconf's
    std::string tree, debian, output, workdir;
    std::string changelog, upstream_changelog;  // files of plain text; the latter may be ""
};

// The argument vector. The control file goes in whole (--deb-custom-control), so every field is as
// rendered; what fpm asks for by itself (name, version, ...) is given too. bad_input for a trigger
// directive that fpm has no option for.
Result<std::vector<std::string>> fpm_arguments(const FpmPackage& package);

}  // namespace dba::packers
