#include "formats/debian/root_failure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace dba {
namespace {

bool says_any(const std::string& output, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return output.find(word) != std::string::npos;
    });
}

}  // namespace

bool is_expired_release(const std::string& output) {
    return says_any(output, {"is expired (invalid since", "is expired since"});
}

std::string root_remedy(const std::string& output, const std::string& suite, bool has_mirror) {
    if (says_any(output, {"No space left on device", "not enough free space", "Disk quota"}))
        return "make room in the cache directory and in TMPDIR (/var/tmp), for example by "
               "deb-build-app roots prune; a root needs some 700 MB of each";
    if (says_any(output, {"failed to execute mmdebstrap"})) return "apt-get install mmdebstrap";
    if (says_any(output, {"newuidmap", "newgidmap"}))
        return "apt-get install uidmap, or make packages as root";
    if (says_any(output, {"/etc/subuid", "/etc/subgid"}))
        return "give this user a range of ids: sudo usermod --add-subuids 100000-165535 "
               "--add-subgids 100000-165535 USER";
    if (says_any(output, {"unable to pick chroot mode", "unprivileged_userns_clone",
                          "failed to unshare", "unshare() failed", "unshare failed"}))
        return "this kernel or container allows no user namespaces: allow them "
               "(sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone), or make "
               "packages as root";
    if (is_expired_release(output))
        return "its Release file is out of date: the mirror is behind, or the clock of this "
               "machine "
               "is wrong; set it, or wait for the mirror";
    if (says_any(output, {"Mirror sync in progress", "Hash Sum mismatch"}))
        return "the mirror is being updated, or a proxy before it keeps an old file: try again "
               "later";
    if (says_any(output, {"does not have a Release file", "no matching suite", "404  Not Found"}))
        return has_mirror ? fmt::format(
                                "the mirror that SUITE_MIRROR names has not what the line for {} "
                                "says: URL, suite and components are those of sources.list(5)",
                                suite)
                          : fmt::format(
                                "is there a suite {0}? It is named by its codename, such as "
                                "trixie, and this machine's mirrors must have it; another mirror "
                                "is named by SUITE_MIRROR {0} \"deb http://… {0} main\"",
                                suite);
    if (says_any(output, {"NO_PUBKEY", "is not signed", "signatures couldn't be verified"}))
        return has_mirror ? fmt::format(
                                "the keyring that signs {0} is missing: SUITE_MIRROR {0} "
                                "\"deb [signed-by=/path/of/keyring.gpg] http://… {0} main\"",
                                suite)
                          : fmt::format(
                                "the keyring that signs {} is missing: apt-get install "
                                "debian-archive-keyring, of this machine's newest version",
                                suite);
    if (says_any(output,
                 {"Could not resolve", "Could not connect", "Unable to connect",
                  "Temporary failure resolving", "Connection timed out", "Connection failed"}))
        return "no mirror answers: connect this machine, or set http_proxy in the environment";
    if (says_any(output, {"Unable to satisfy dependencies", "Unable to locate package",
                          "has no installation candidate", "unmet dependencies"}))
        return fmt::format("{} has no such packages: correct BUILD_DEPENDS", suite);
    return "mmdebstrap needs a mirror of that suite, and its keyring; proxies are taken from "
           "http_proxy in the environment";
}

}  // namespace dba
