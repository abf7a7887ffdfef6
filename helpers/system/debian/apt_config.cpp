#include "system/debian/apt_config.hpp"

#include <fmt/format.h>

namespace dba {

std::string apt_setting(std::string_view name, std::string_view value) {
    return fmt::format("{} \"{}\";\n", name, value);
}

std::string apt_configuration(const std::filesystem::path& root, const std::string& architecture,
                              const std::filesystem::path& status) {
    return apt_setting("Dir", root == "/" ? "/" : root.string() + "/") +
           apt_setting("Dir::Etc::main", "/dev/null") +
           apt_setting("Dir::Etc::parts", "/dev/null") +
           apt_setting("Dir::State::status", status.string()) +
           apt_setting("Dir::Cache::pkgcache", "") + apt_setting("Dir::Cache::srcpkgcache", "") +
           apt_setting("APT::Architecture", architecture) + "#clear APT::Architectures;\n" +
           apt_setting("APT::Architectures", architecture) +
           apt_setting("APT::Sandbox::User", "root") + apt_setting("Debug::NoLocking", "true");
}

}  // namespace dba
