// Versions and names, Python's (PEP 440, PEP 503) and Debian's (Policy 5.6.7, 5.6.12).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

// The canonical spelling of a PEP 440 version ("v1.0-ALPHA" -> "1.0a0"); bad_input otherwise.
Result<std::string> normalise_pep440(std::string_view version);

// A PEP 440 version as a Debian upstream version (with "EPOCH:" in front when it has one), so that
// dpkg's order is PEP 440's: 1.0.dev3 -> 1.0~~dev3, 1.0a1 -> 1.0~a1, 1.0rc1.dev2 -> 1.0~rc1~dev2,
// 1.0.post1 -> 1.0.~post1, 1.0+local -> 1.0+local, 1!2.0 -> 1:2.0. Two places where the orders
// differ, because the spelling is kept: versions that differ by trailing zeros only (1.0 and 1.0.0,
// equal in PEP 440), and locals of one version whose segments are of different kinds (+1 and +a).
Result<std::string> pep440_to_debian(std::string_view version);

// <0, 0, >0 as `a` is earlier than, the same as, or later than `b` (Policy 5.6.12, dpkg's
// algorithm). Never fails: what is no version is compared all the same, character by character.
int compare_debian_versions(std::string_view a, std::string_view b);

// Policy 5.6.12: [epoch:]upstream[-revision]. bad_input saying which part is wrong.
Result<void> check_debian_version(std::string_view version);

// Policy 5.6.7. bad_input; the hint gives the nearest valid spelling.
Result<void> check_package_name(std::string_view name);

// "+gitYYYYMMDDHHMMSS.abcdef0": what a version off a tag gets behind it, so that each commit
// upgrades the one before. `commit_time` is in seconds since 1970, UTC.
std::string snapshot_suffix(std::int64_t commit_time, std::string_view commit_id);

// Without the local part: "1.4.3.dev2+gabcdef0" -> "1.4.3.dev2" (PEP 440, "public version").
std::string public_version(std::string_view version);

// Whether both are the same version: "1.0" and "v1.0.0" are (PEP 440, "zero padding").
bool same_version(std::string_view a, std::string_view b);

// PEP 503: "Flask_Login.Ext" -> "flask-login-ext".
std::string normalise_distribution(std::string_view name);

// What a release tag says: "hello-1.2", "hello/v1.2", "hello@1.2" -> hello and 1.2; "v1.2", "1.2",
// "release-1.2" name no product.
struct ReleaseTag {
    std::string product;
    std::string version;  // normalised (PEP 440)
};
// Nothing for a tag that names no PEP 440 version.
std::optional<ReleaseTag> parse_release_tag(std::string_view tag);
std::optional<std::string> version_of_tag(std::string_view tag);

}  // namespace dba
