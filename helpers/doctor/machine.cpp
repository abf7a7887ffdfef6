#include "doctor/machine.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <set>

#include "formats/text/text.hpp"
#include "system/debian/dpkg.hpp"
#include "system/files/files.hpp"
#include "system/host.hpp"
#include "system/process/environment.hpp"
#include "system/process/namespace.hpp"

namespace dba {

namespace {

constexpr std::uint64_t megabyte = 1'000'000;
// A build of a scientific application needs some three of them in its work directory; a root of a
// suite one.
constexpr std::uint64_t little = 4000 * megabyte;
constexpr std::uint64_t too_little = 500 * megabyte;
constexpr unsigned long long ids_of_a_machine = 65536;  // of a root that is made without root

Check check_suite() {
    const auto database = DpkgDatabase::open("/");
    if (!database)
        return {"Debian", Check::State::fault, "this machine has no dpkg database",
                "use the tool on Debian 12 or later"};
    std::string suite = own_suite();
    if (suite.empty()) suite = "no suite that os-release names";
    return {"Debian", Check::State::ok, fmt::format("{}, {}", suite, database->architecture()), {}};
}

Check check_namespaces() {
    std::string reason;
    const Isolation isolation = find_isolation(reason);
    if (isolation != Isolation::none)
        return {"namespaces", {}, fmt::format("can be made ({})", to_text(isolation)), {}};
    return {"namespaces", Check::State::fault,
            fmt::format("cannot be made ({}): a package is judged in them, and SUITES need them",
                        reason),
            path_exists("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
                ? "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
                : "sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000"};
}

// subuid(5): lines of "user:first:count", the user by name or number.
unsigned long long ids_in(const char* file, const std::string& name, const std::string& number) {
    unsigned long long count = 0;
    const std::string text = read_file(file).value_or(std::string());
    for (const auto& line : text::split(text, '\n')) {
        const auto parts = text::split(line, ':');
        if (parts.size() == 3 && (parts[0] == name || parts[0] == number))
            count += std::strtoull(std::string(parts[2]).c_str(), nullptr, 10);
    }
    return count;
}

Check check_ids() {
    Check check{"subordinate ids", {}, {}, {}};
    if (::geteuid() == 0) {
        check.found = "root needs none";
        return check;
    }
    const passwd* user = ::getpwuid(::geteuid());
    const std::string number = std::to_string(::geteuid());
    const std::string name = user == nullptr ? number : user->pw_name;
    if (ids_in("/etc/subuid", name, number) >= ids_of_a_machine &&
        ids_in("/etc/subgid", name, number) >= ids_of_a_machine) {
        check.found = "in /etc/subuid and /etc/subgid";
        return check;
    }
    check.state = Check::State::note;
    check.found = fmt::format(
        "{} has fewer than {} in /etc/subuid and /etc/subgid: SUITES and rehearse "
        "without root need them",
        name, ids_of_a_machine);
    check.remedy = fmt::format(
        "sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {}", name);
    return check;
}

// The closest directory above that is there: what is not made yet lies on its disk.
fs::path existing(fs::path path) {
    while (!directory_exists(path) && path.has_relative_path()) path = path.parent_path();
    return path;
}

Check check_room(const std::string& what, const fs::path& directory) {
    const fs::path on = existing(directory);
    Check check{fmt::format("{} {}", what, directory.string()), {}, {}, {}};
    std::error_code error;
    const auto space = fs::space(on, error);
    if (error) {
        check.state = Check::State::fault;
        check.found = "cannot be asked for its room: " + error.message();
        check.remedy = "ls -ld " + on.string();
        return check;
    }
    check.found = fmt::format("{} MB free", space.available / megabyte);
    const std::string remedy = fmt::format("df -h {}; make room there", on.string());
    if (::access(on.c_str(), W_OK) != 0) {
        check.state = Check::State::fault;
        check.found += ", and cannot be written to";
        check.remedy = fmt::format("ls -ld {}", on.string());
    } else if (space.available < too_little) {
        check.state = Check::State::fault;
        check.remedy = remedy;
    } else if (space.available < little) {
        check.state = Check::State::note;
        check.found += fmt::format(", and a large application needs {}", little / megabyte);
        check.remedy = remedy;
    }
    return check;
}

}  // namespace

Checks check_machine(const fs::path& directory) {
    const std::string temporary = own_variable("TMPDIR");
    Checks checks{check_suite(), check_namespaces(), check_ids()};
    checks.push_back(check_room("directory", directory));
    checks.push_back(check_room("cache", cache_directory()));
    checks.push_back(check_room("temporary", temporary.empty() ? "/tmp" : temporary));
    return checks;
}

}  // namespace dba
