// What mmdebstrap's last words mean, and what to do about it.
#pragma once

#include <string>

namespace dba {

// One line, for a root of `suite`; a general one when the words are not known.
std::string root_remedy(const std::string& output, const std::string& suite);

// Whether apt refused a Release file because of its age alone (Valid-Until).
bool is_expired_release(const std::string& output);

}  // namespace dba
