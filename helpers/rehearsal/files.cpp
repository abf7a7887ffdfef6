#include "rehearsal/files.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::rehearsal {
namespace {

// Logs, caches and databases of the system, in which every package leaves its traces, and what is
// mounted. Paths, and all below them.
constexpr std::array<std::string_view, 28> of_the_system = {
    "/dev",
    "/proc",
    "/run",
    "/sys",
    "/tmp",
    "/var/tmp",
    "/var/cache",
    "/var/backups",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/lib/ucf",
    "/var/log/alternatives.log",
    "/var/log/apt",
    "/var/log/btmp",
    "/var/log/dpkg.log",
    "/var/log/journal",
    "/var/log/lastlog",
    "/var/log/supervisor/supervisord.log",
    "/var/log/wtmp",
    "/var/lib/systemd/catalog",
    "/var/lib/systemd/coredump",
    "/var/lib/systemd/credential.secret",
    "/var/lib/systemd/random-seed",
    "/var/lib/systemd/timers",
    "/var/lib/systemd/timesync",
    "/etc/ld.so.cache",
    "/etc/.pwd.lock",
    "/etc/.updated",
};
// A user that a package has made stays (Policy 9.2.2 has no way to give its number back safely),
// and with it these are others.
constexpr std::array<std::string_view, 6> of_the_users = {"passwd",  "group",  "shadow",
                                                          "gshadow", "subuid", "subgid"};

bool is_of_the_system(const std::string& path) {
    if (std::find(of_the_system.begin(), of_the_system.end(), path) != of_the_system.end())
        return true;
    if (path.starts_with("/var/log/supervisor/supervisord.log")) return true;  // rotated
    if (!path.starts_with("/etc/")) return false;
    std::string name = path.substr(5);
    if (name.ends_with('-')) name.pop_back();  // passwd's own backup
    return std::find(of_the_users.begin(), of_the_users.end(), name) != of_the_users.end();
}

Result<void> list_below(const fs::path& root, const std::string& directory,
                        std::map<std::string, std::string>& files) {
    DIR* stream = ::opendir((root.string() + directory).c_str());
    if (stream == nullptr)
        return system_error(root.string() + directory,
                            "cannot be read: " + std::generic_category().message(errno));
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(stream)) names.emplace_back(entry->d_name);
    ::closedir(stream);
    for (const std::string& name : names) {
        if (name == "." || name == "..") continue;
        const std::string path = fmt::format("{}/{}", directory, name);
        if (is_of_the_system(path)) continue;
        const fs::path file = root.string() + path;
        struct stat info {};
        if (::lstat(file.c_str(), &info) != 0) continue;  // gone while we looked
        if (S_ISDIR(info.st_mode)) {
            // deb-systemd-helper keeps its directories, whoever has made them.
            if (!path.starts_with("/var/lib/systemd/deb-systemd-")) files[path] = "directory";
            TRY(list_below(root, path, files));
        } else if (S_ISLNK(info.st_mode)) {
            std::error_code failed;
            files[path] = "link to " + fs::read_symlink(file, failed).string();
        } else if (S_ISREG(info.st_mode)) {
            files[path] = "file";
            if (path.starts_with("/etc/"))
                if (const auto digest = sha256_file(file)) files[path] += " " + *digest;
        } else {
            files[path] = "other";
        }
    }
    return {};
}

}  // namespace

Result<std::map<std::string, std::string>> list_files(const fs::path& root) {
    std::map<std::string, std::string> files;
    TRY(list_below(root, "", files));
    return files;
}

}  // namespace dba::rehearsal
