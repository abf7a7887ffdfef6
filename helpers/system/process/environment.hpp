// Environment variables: this process's own, which nothing else reads, and those of its children.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dba {

using Environment = std::map<std::string, std::string>;

// The whole environment of this process, for a second run of this program.
Environment own_environment();
// One variable of it; "" when it is not set.
std::string own_variable(const std::string& name);
// The directories in its PATH.
std::vector<std::filesystem::path> own_search_path();

// The user's home directory: HOME, or what the user database has.
std::filesystem::path real_home();
// XDG_DATA_HOME or ~/.local/share, XDG_CACHE_HOME or ~/.cache. A relative one is invalid (XDG Base
// Directory Specification) and ignored.
std::filesystem::path data_home();
std::filesystem::path cache_home();

// What children get: PATH (the one thing taken from this process), HOME=`scratch`/home (made here),
// TMPDIR=`scratch`, LANG and LC_ALL=C.UTF-8, TZ=UTC, SOURCE_DATE_EPOCH in seconds, and what keeps
// Python from reading the user's site or writing .pyc files.
Environment clean_environment(const std::filesystem::path& scratch, long long source_date_epoch);

// Adds the connection settings of this process's own environment (proxy, CA, netrc, index
// credentials, SSH agent, PIP_*, UV_*), for fetch, lock and sdist builds only. Download caches and
// netrc are those of the user, whose HOME the child does not get.
void pass_connection_settings(Environment& environment);

}  // namespace dba
