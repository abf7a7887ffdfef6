// What Debian calls the packages of shared libraries (Policy 8.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba {

// The names that a package with this soname may have, the likeliest first: "libfoo1t64", "libfoo1"
// for libfoo.so.1, "libfoo-1.2" for libfoo-1.2.so, "libx11-6" for libX11.so.6. What has no version
// in it gives none.
std::vector<std::string> library_packages(std::string_view soname);

// Whether a package of this name may have a library that is asked for without a version ("magic":
// libmagic1t64); its version is what is behind that.
bool is_library_package(std::string_view package, std::string_view library);

}  // namespace dba
