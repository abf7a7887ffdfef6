// CREDENTIALS of a service: files of the host that only it can read, by systemd's LoadCredential=
// or by the wrapper that does the same under supervisord.
#pragma once

#include <string>
#include <vector>

#include "model/credentials.hpp"
#include "model/result.hpp"

namespace dba::steps {

struct Credential {
    std::string name;  // what the service finds in $CREDENTIALS_DIRECTORY
    std::string path;  // of the file on the host, absolute
};

// "NAME:/path", each; bad_input for what systemd would not take, and for a name twice.
Result<std::vector<Credential>> plan_credentials(const std::vector<std::string>& declared,
                                                 const std::string& subject);

}  // namespace dba::steps
