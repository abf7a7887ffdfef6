#include "steps/resolve/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "formats/text/text.hpp"
#include "model/host_path.hpp"

namespace dba::steps {

namespace {

// What adduser takes by default, and what a unit and a program conf can hold.
bool is_user_name(const std::string& name) {
    return !name.empty() && name.size() <= 32 && (text::is_lower(name[0]) || name[0] == '_') &&
           std::all_of(name.begin(), name.end(), [](char byte) {
               return text::is_lower(byte) || text::is_digit(byte) || byte == '-' || byte == '_';
           });
}

// A system user's name (adduser's default NAME_REGEX; 32 characters at most, useradd(8)).
std::string default_user(const std::string& package) {
    std::string user = package;
    for (auto& c : user)
        if (c == '.' || c == '+') c = '-';
    return user.substr(0, 32);
}

}  // namespace

Result<std::string> resolve_user(const Declaration& declaration) {
    if (declaration.user.empty() && declaration.services.empty() && declaration.migrations.empty())
        return std::string();
    std::string user = declaration.user.empty() ? default_user(declaration.name) : declaration.user;
    if (!is_user_name(user))
        return bad_input("USER", fmt::format("'{}' is no name for a system user", user),
                         "at most 32 of a-z, 0-9, '-' and '_', starting with a letter or '_'");
    if (user == "root" && declaration.run_as_root_because.empty())
        return bad_input(
            "USER",
            "root's services can do anything to the host, and what they write is root's "
            "for good",
            "leave USER out, or say why it must be so: RUN_AS_ROOT_BECAUSE <reason>");
    return user;
}

Result<void> resolve_process_settings(const Declaration& declaration, Manifest& manifest) {
    const std::string& directory = declaration.working_directory;
    if (!directory.empty() && !is_host_path(directory))
        return bad_input("WORKING_DIRECTORY " + directory,
                         "is not the absolute path of a directory",
                         fmt::format("for example WORKING_DIRECTORY /var/lib/{}", manifest.name));
    manifest.directory_of_services = directory;
    const std::string& umask = declaration.umask;
    if (umask.empty()) return {};
    const auto [end, error] =
        std::from_chars(umask.data(), umask.data() + umask.size(), manifest.umask, 8);
    if (error != std::errc{} || end != umask.data() + umask.size() || manifest.umask > 0777)
        return bad_input("UMASK " + umask, "is not three octal digits", "for example UMASK 0027");
    return {};
}

}  // namespace dba::steps
