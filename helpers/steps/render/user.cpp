#include "steps/render/user.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "system/files/resources.hpp"

namespace dba::steps {
namespace {

// Those of base-passwd, which is essential (Policy 9.2.2): no package makes them.
constexpr std::array<std::string_view, 18> users_of_debian = {
    "root", "daemon", "bin",   "sys",      "sync",   "games", "man", "lp",   "mail",
    "news", "uucp",   "proxy", "www-data", "backup", "list",  "irc", "_apt", "nobody"};

}  // namespace

Result<void> add_user_file(const Manifest& manifest, HostPlan& plan) {
    const std::string& user = manifest.user;
    if (user.empty() ||
        std::find(users_of_debian.begin(), users_of_debian.end(), user) != users_of_debian.end())
        return {};
    return plan.add_bytes(
        "/usr/lib/sysusers.d/" + manifest.name + ".conf",
        fill("services/sysusers.conf", {{"PACKAGE", manifest.name}, {"USER", user}}), 0644,
        "the services' user");
}

}  // namespace dba::steps
