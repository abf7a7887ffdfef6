// Debian packages that distributions want, where no wheel of them has it all.
#pragma once

#include <string>
#include <vector>

#include "init/facts.hpp"

namespace dba::init {

// What the builds of such distributions among `names` need; sorted.
std::vector<std::string> build_packages_for(const Names& names);

// Of what a Dockerfile installs, the programs that the application may run: no compilers,
// libraries, and tools of building images.
std::vector<std::string> run_packages_among(const std::vector<std::string>& packages);

}  // namespace dba::init
