// The part of resolve that settles as whom, where and with which rights the services run.
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/manifest.hpp"
#include "model/result.hpp"

namespace dba::steps {

// USER, or the name made of the package's where a service or MIGRATE needs one; "" where none does.
// bad_input for a name that adduser does not take.
Result<std::string> resolve_user(const Declaration& declaration);

// WORKING_DIRECTORY and UMASK.
Result<void> resolve_process_settings(const Declaration& declaration, Manifest& manifest);

}  // namespace dba::steps
