// CPack's configuration for one package (cpack --config FILE).
#pragma once

#include <string>
#include <vector>

#include "formats/debian/control.hpp"
#include "model/manifest.hpp"

namespace dba::packers {

struct CpackConfig {
    const Manifest& manifest;
    const Stanza& control;                   // DEBIAN/control
    std::vector<std::string> control_extra;  // names of files in `extra/` beside the configuration
};

// The text of the configuration, which lies beside `tree/` and `extra/` and names them relative to
// itself: no path of the build is in it. CPack packs `tree` as it is and names the result
// package.deb.
//
// CPack's DEB generator has a variable for each of Policy's relationship fields, none for fields
// such as Static-Built-Using and X-Deb-Build-Dirty, generates no conffiles, counts Installed-Size
// by the build's file system, and differs between versions in the control files' modes. So the
// fields it knows are declared here, and the control member that ships is made by
// deb::control_member().
std::string cpack_config(const CpackConfig& config);

// `value` as a CMake bracket argument, which evaluates nothing.
std::string bracket(const std::string& value);

}  // namespace dba::packers
