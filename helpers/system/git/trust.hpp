// Which logins and host keys a user has put down: netrc and known_hosts.
#pragma once

#include <optional>
#include <string>

namespace dba::git {

struct Login {
    std::string user;
    std::string password;
};

// What a netrc file says of `host`.
std::optional<Login> find_netrc(const std::string& text, const std::string& host);

enum class HostKey { known, unknown, changed, revoked };

// What a known_hosts file (sshd(8)) says of a host's key, given in its binary form.
HostKey check_host_key(const std::string& known_hosts, const std::string& host, int port,
                       const std::string& key);

}  // namespace dba::git
