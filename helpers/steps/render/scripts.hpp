// The maintainer scripts, put together from templates/scripts (Policy chapter 6).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/manifest.hpp"
#include "steps/render/configure.hpp"
#include "steps/render/migrate.hpp"
#include "steps/render/services.hpp"

namespace dba::steps {

// The maintainer's own part of a script, as read.
struct Fragment {
    std::string text;
    std::string file;  // as its author names it
};
using Fragments = std::map<std::string, Fragment>;  // by script name ("postinst")

// What scripts do about files below /etc.
struct Conffiles {
    std::vector<std::string> restricted;  // others may not read them, the service's group must
    std::vector<std::pair<std::string, std::string>> moved;  // by the earlier version's path
    std::vector<std::string> dropped;                        // paths of an earlier version
};

// What is asked of a host, and what the answer may be.
struct HostVariants {
    std::vector<std::string> names;
    std::map<std::string, std::string> files;  // by path below /etc/NAME: "development, staging"
    std::string default_name;
    std::string host_map;  // "PATTERN VARIANT" lines, or ""
};

// Script name -> text; a script with nothing to do is not there.
std::map<std::string, std::string> maintainer_scripts(const Manifest& manifest,
                                                      const std::vector<HostService>& services,
                                                      const Conffiles& conffiles,
                                                      const Fragments& fragments,
                                                      const std::optional<HostConfigure>& configure,
                                                      const std::optional<HostVariants>& variants);

// /usr/lib/NAME/migrate, which starts the services as postinst does.
std::string migrate_script(const Manifest& manifest, const std::vector<HostService>& services,
                           const HostMigration& migration);

}  // namespace dba::steps
