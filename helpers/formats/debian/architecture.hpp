// Debian's architectures, and what others call them.
#pragma once

#include <string>

namespace dba {

// "aarch64" for arm64: what uname(2) says of the machine there, as markers and the tags of wheels
// have it (PEP 508, PEP 600); "" for one that packages are not made for.
std::string machine_word(const std::string& architecture);

// "2.36" of libc6's version "2.36-9+deb12u10".
std::string libc_of(const std::string& package_version);

}  // namespace dba
