// A Debian root, booted: systemd runs in it as on a machine of its own, which has no network but
// loopback. An interface, so that what looks at such a machine can be tested without one.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

struct SeenProcess {
    int pid = 0, parent = 0;  // as numbered inside
    unsigned user = 0;
    std::vector<std::string> command;
    std::string unit;  // the systemd service that it belongs to, "hello-web.service", or ""
    bool operator==(const SeenProcess&) const = default;
};

class Container {
 public:
    virtual ~Container() = default;
    // As root, with a plain environment and `more`; ended by SIGTERM after ten minutes.
    virtual Result<Completed> run(const std::vector<std::string>& argv,
                                  const Environment& more) = 0;
    Result<Completed> run(const std::vector<std::string>& argv) { return run(argv, {}); }
    // All that run inside, kernel threads and zombies left out, by number.
    virtual Result<std::vector<SeenProcess>> processes() = 0;
    // An orderly shutdown and a boot.
    virtual Result<void> reboot() = 0;
    virtual void shut_down() = 0;
    [[nodiscard]] virtual std::string console() const = 0;
    // Its files, from outside; without those of file systems that are mounted inside (/run).
    [[nodiscard]] virtual const std::filesystem::path& root() const = 0;
    // A path inside, from outside, whatever is mounted there.
    [[nodiscard]] virtual std::filesystem::path inside(const std::string& path) const = 0;
};

// What children in the root and in its containers get.
Environment container_environment();

// Boots `root` by systemd-nspawn, in mount and process namespaces of its own that end with this
// process. `console` is the file that gets what it prints. It works in a chroot and in a container
// too.
Result<std::unique_ptr<Container>> boot_container(const std::filesystem::path& root,
                                                  const std::filesystem::path& console,
                                                  const Environment& environment,
                                                  ProcessRunner& processes);

// One directory of /proc as a process; nothing for what has ended, a zombie or a kernel thread.
bool read_process(const std::filesystem::path& directory, SeenProcess& process);

}  // namespace dba
