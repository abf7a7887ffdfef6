// CREDENTIALS of a service: files of the host that only it can read, by systemd's LoadCredential=
// or by the wrapper that does the same under supervisord.
#pragma once

#include <string>
#include <vector>

#include "model/result.hpp"
#include "model/service.hpp"

namespace dba::steps {

// "NAME" or "NAME:/path", each; bad_input for what systemd would not take, and for a name twice.
Result<std::vector<Credential>> resolve_credentials(const std::vector<std::string>& declared,
                                                    const std::string& package,
                                                    const std::string& subject);

}  // namespace dba::steps
