// init --from-dh-virtualenv: a debian/ directory of a package that dh-virtualenv makes, as a
// declaration.
#pragma once

#include "init/init.hpp"

namespace dba::init {

// `debian`: absolute, below request.directory. What has no counterpart is in `unknown`, by name.
// bad_input for a directory without control and rules, or whose rules do not call dh_virtualenv.
Result<InitAnswer> init_from_debian(const InitRequest& request, const fs::path& debian, Git& git);

}  // namespace dba::init
