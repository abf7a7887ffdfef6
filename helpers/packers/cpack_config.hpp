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
    unsigned threads = 4;  // at least two: xz's output is another one with a single thread
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

// stage.cmake beside it: moves `tree` to where CPack packs from, below `cpack`. CPack would copy it
// (CPACK_INSTALLED_DIRECTORIES), which takes longer than all else that it does.
std::string cpack_stage_script();

// `value` as a CMake bracket argument, which evaluates nothing.
std::string bracket(const std::string& value);

}  // namespace dba::packers
