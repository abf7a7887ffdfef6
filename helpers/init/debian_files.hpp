// The files of debian/ besides control and rules: what debhelper would put into the package.
#pragma once

#include <string>
#include <vector>

#include "init/debian_unit.hpp"
#include "init/draft.hpp"
#include "init/project_files.hpp"

namespace dba::init {

struct OldFiles {
    std::vector<Entry> entries, services;
    std::vector<std::string> before, unknown;
};

// The links of a package: "usr/bin/x" is /usr/bin/x.
std::vector<std::pair<std::string, std::string>> links_of(const ProjectFiles& project,
                                                          const std::string& debian,
                                                          const std::string& package);

// `debian`: its name below the project, "debian". `others`: names of other binary packages.
OldFiles old_files(const ProjectFiles& project, const std::string& debian,
                   const OldPackage& package, const std::vector<std::string>& others);

}  // namespace dba::init
