// The maintainer scripts, put together from templates/scripts (Policy chapter 6).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/manifest.hpp"
#include "steps/render_services.hpp"

namespace dba::steps {

// The maintainer's own fragments by script name ("postinst"), as read.
using Fragments = std::map<std::string, std::string>;

// Script name -> text; a script with nothing to do is not there. `private_configs` are files
// below /etc that others may not read and the service's group must. bad_input for a fragment
// whose first line asks for another shell than sh.
Result<std::map<std::string, std::string>> maintainer_scripts(
    const Manifest& manifest, const std::vector<HostService>& services,
    const std::vector<std::string>& private_configs, const Fragments& fragments);

}  // namespace dba::steps
