// Versions of a package that nobody has built: the same files under another version, so that a
// rehearsal has something to upgrade from, and something that fails when it is asked to.
#pragma once

#include <filesystem>
#include <string>

#include "model/result.hpp"

namespace dba::rehearsal {

// Debian's order: the first is just below `version`, the second just above.
std::string version_below(const std::string& version);
std::string version_above(const std::string& version);

// Where such a version's preinst or postinst looks whether it is to fail: FLAGS/fail-preinst,
// FLAGS/fail-postinst.
inline constexpr const char* rehearsal_flags = "/var/tmp/rehearsal";

// `deb` with another version, its data member byte for byte the same. With `hurdles` its preinst
// and postinst fail when asked to; bad_input for one that is no shell script.
Result<void> make_version(const std::filesystem::path& deb, const std::string& version,
                          bool hurdles, const std::filesystem::path& scratch,
                          const std::filesystem::path& output);

}  // namespace dba::rehearsal
