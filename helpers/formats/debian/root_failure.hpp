// What mmdebstrap's last words mean, and what to do about it.
#pragma once

#include <string>

namespace dba {

// One line, for a root of `suite`; a general one when the words are not known. `has_mirror`: it is
// from mirrors of its own (SUITE_MIRROR), not from this machine's.
std::string root_remedy(const std::string& output, const std::string& suite,
                        bool has_mirror = false);

// Whether apt refused a Release file because of its age alone (Valid-Until).
bool is_expired_release(const std::string& output);

}  // namespace dba
