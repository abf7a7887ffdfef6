// The shlibs files of Debian's library packages (Policy 8.6.4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

// "libssl 3 libssl3 (>= 3.0.0)": soname libssl.so.3 (or libssl-3.so) needs that dependency.
struct ShlibsEntry {
    std::string type;  // "" for the ordinary packages, or "udeb"
    std::string library;
    std::string version;
    std::string dependency;  // as written: one or more relations, may be ""
};

Result<std::vector<ShlibsEntry>> parse_shlibs(std::string_view bytes, std::string_view file_name);

// The dependency for `soname` among ordinary packages' entries; nullptr when none is for it.
const ShlibsEntry* find_shlibs(const std::vector<ShlibsEntry>& entries, std::string_view soname);

}  // namespace dba
