// Bringing a repository over the network into a bare cache: credentials and trust.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "model/result.hpp"
#include "system/git/handles.hpp"

namespace dba::git {

// The directory a URL means when it is on this machine (a path or file://), else nullopt.
std::optional<std::filesystem::path> local_path(const std::string& url);

// Opens a repository on this machine: a work tree, its .git, a linked work tree, or a bare one.
Result<Repository> open_local(const std::filesystem::path& path);

// Opens the bare cache, made when absent or damaged.
Result<Repository> open_cache(const std::filesystem::path& bare_cache);

// Fetches all branches and tags of `url`, and sets HEAD as the remote has it. With `commit` (40
// hex digits, or "") that commit too, when no branch or tag holds it and the server gives it out.
Result<Repository> fetch(const std::string& url, const std::string& commit,
                         const std::filesystem::path& bare_cache);

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
