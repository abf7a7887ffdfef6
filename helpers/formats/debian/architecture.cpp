#include "formats/debian/architecture.hpp"

#include <map>

namespace dba {

std::string machine_word(const std::string& architecture) {
    static const std::map<std::string, std::string> words = {
        {"amd64", "x86_64"},    {"arm64", "aarch64"},   {"armhf", "armv7l"}, {"i386", "i686"},
        {"ppc64el", "ppc64le"}, {"riscv64", "riscv64"}, {"s390x", "s390x"},
    };
    const auto known = words.find(architecture);
    return known == words.end() ? "" : known->second;
}

std::string libc_of(const std::string& package_version) {
    return package_version.substr(0, package_version.find_first_of("-+~"));
}

}  // namespace dba
