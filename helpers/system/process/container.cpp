#include "system/process/container.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"
#include "system/process/background.hpp"

namespace dba {
namespace {

Failure boot_error(const std::string& console) {
    // From systemd 256 on.
    const bool is_old = console.find("legacy cgroup hierarchy") != std::string::npos;
    return system_error("systemd-nspawn", "the container ended while it booted:\n" + console,
                        is_old ? "this machine has control groups of version 1, which that suite's "
                                 "systemd refuses: boot it with systemd.unified_cgroup_hierarchy=1 "
                                 "on the kernel's command line"
                               : "");
}

constexpr int boot_seconds = 120;
constexpr int shutdown_seconds = 60;

// Files of /proc have no size.
std::string read_proc(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

// The numbers below a /proc.
std::vector<int> numbers_in(const fs::path& proc) {
    std::vector<int> numbers;
    for (const fs::path& path : paths_in(proc))
        if (const std::string name = path.filename(); text::is_digit(name[0]))
            numbers.push_back(text::leading_number(name));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<std::string> words_of(const std::string& cmdline) {
    std::vector<std::string> words;
    for (const std::string_view word : text::split(cmdline, '\0')) words.emplace_back(word);
    while (!words.empty() && words.back().empty()) words.pop_back();
    return words;
}

// The service of a process: systemd names its control group after it. On a host of the old kind
// systemd's own hierarchy counts.
std::string unit_of(const std::string& cgroup) {
    std::string path;
    text::Lines lines(cgroup);
    for (std::string_view line; lines.next(line);) {
        const bool named = line.find(":name=systemd:") != std::string_view::npos;
        if (!named && !line.starts_with("0::")) continue;
        const std::string found(line.substr(line.find('/')));
        if (named || path.empty()) path = found;
    }
    std::string unit;
    for (const std::string_view part : text::split(path, '/'))
        if (part.ends_with(".service")) unit = part;
    return unit;
}

class Nspawn final : public Container {
 public:
    Nspawn(fs::path root, fs::path console, Environment environment, ProcessRunner& processes)
        : root_(std::move(root)),
          console_(std::move(console)),
          environment_(std::move(environment)),
          processes_(processes) {}

    Result<void> boot() {
        // A fresh /proc, where nspawn looks its children up: the one that is mounted may be another
        // PID namespace's, when all this runs in a chroot. And control groups, where a chroot's
        // /sys has none. unshare gets SIGKILL when this process ends, then kills the
        // namespace's first process, and the kernel everything in it.
        const std::string enter =
            "mount -t proc proc /proc && "
            "{ mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup; } && "
            "exec \"$@\"";
        const Command command{{"unshare",
                               "--mount",
                               "--propagation",
                               "private",
                               "--pid",
                               "--fork",
                               "--kill-child",
                               "--",
                               "sh",
                               "-c",
                               enter,
                               "boot",
                               "systemd-nspawn",
                               "--quiet",
                               directory_word(),
                               "--boot",
                               "--register=no",
                               "--keep-unit",
                               "--link-journal=no",
                               "--private-network",
                               "--console=read-only",
                               "--machine=rehearsal"},
                              environment_};
        TRY_ASSIGN(nspawn_, Background::start(command, console_));
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(boot_seconds);
        std::string state = "nothing";
        while (std::chrono::steady_clock::now() < deadline) {
            if (!nspawn_->is_running()) return boot_error(last_lines(this->console(), 20));
            if (find_leader()) {
                TRY_ASSIGN(const Completed asked, run({"systemctl", "is-system-running"}, {}));
                state = text::trim(asked.out);
                if (state == "running" || state == "degraded") return {};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return system_error("systemd-nspawn",
                            fmt::format("the container did not come up in {} s; systemd says '{}'; "
                                        "its console:\n{}",
                                        boot_seconds, state, last_lines(this->console(), 20)));
    }

    Result<Completed> run(const std::vector<std::string>& argv, const Environment& more) override {
        if (nspawn_ == nullptr || !nspawn_->is_running())
            return system_error("systemd-nspawn",
                                "the container has ended:\n" + last_lines(this->console(), 20));
        Command command{{"nsenter", "--target", std::to_string(leader_), "--all", "--root", "--wd",
                         "--", "env", "-i"},
                        environment_};
        Environment inside = container_environment();
        for (const auto& [name, value] : more) inside[name] = value;
        for (const auto& [name, value] : inside)
            command.argv.push_back(fmt::format("{}={}", name, value));
        for (const char* word : {"timeout", "--kill-after=10", "600"})
            command.argv.emplace_back(word);
        command.argv.insert(command.argv.end(), argv.begin(), argv.end());
        return processes_.run(command);
    }

    Result<std::vector<SeenProcess>> processes() override {
        const fs::path proc = inside("/proc");
        std::vector<SeenProcess> found;
        for (const int number : numbers_in(proc)) {
            SeenProcess process;
            process.pid = number;
            if (read_process(proc / std::to_string(number), process))
                found.push_back(std::move(process));
        }
        if (found.empty())
            return system_error(proc.string(), "no process of the container can be seen there");
        return found;
    }

    Result<void> reboot() override {
        shut_down();
        return boot();
    }

    void shut_down() override {
        if (nspawn_ == nullptr) return;
        // nspawn itself, which tells systemd; unshare would only die of it.
        if (nspawn_number_ != 0) ::kill(nspawn_number_, SIGTERM);
        if (!nspawn_->wait(shutdown_seconds)) nspawn_->kill();
        nspawn_.reset();
    }

    [[nodiscard]] std::string console() const override { return read_proc(console_); }
    [[nodiscard]] const fs::path& root() const override { return root_; }
    [[nodiscard]] fs::path inside(const std::string& path) const override {
        return fs::path("/proc") / std::to_string(leader_) / "root" / path.substr(1);
    }

 private:
    [[nodiscard]] std::string directory_word() const { return "--directory=" + root_.string(); }

    // The container's init, by its number in the /proc that is mounted here.
    bool find_leader() {
        const auto numbers = numbers_in("/proc");
        for (const int number : numbers) {
            const auto words =
                words_of(read_proc(fs::path("/proc") / std::to_string(number) / "cmdline"));
            if (words.empty() || !words[0].ends_with("systemd-nspawn") ||
                std::find(words.begin(), words.end(), directory_word()) == words.end())
                continue;
            for (const int child : numbers) {
                SeenProcess process;
                process.pid = child;
                if (!read_process(fs::path("/proc") / std::to_string(child), process) ||
                    process.parent != number)
                    continue;
                nspawn_number_ = number;
                leader_ = child;
                return true;
            }
        }
        return false;
    }

    fs::path root_;
    fs::path console_;
    Environment environment_;
    ProcessRunner& processes_;
    std::unique_ptr<Background> nspawn_;
    int nspawn_number_ = 0;
    int leader_ = 0;
};

}  // namespace

bool read_process(const fs::path& directory, SeenProcess& process) {
    process.command = words_of(read_proc(directory / "cmdline"));
    if (process.command.empty()) return false;  // a zombie, or the kernel's own
    bool known = false;
    const std::string status = read_proc(directory / "status");
    text::Lines lines(status);
    for (std::string_view line; lines.next(line);) {
        const auto words = text::words(line);
        if (words.size() < 2) continue;
        if (words[0] == "PPid:") process.parent = text::leading_number(words[1]);
        if (words[0] == "Uid:") {
            process.user = static_cast<unsigned>(text::leading_number(words[1]));
            known = true;
        }
    }
    process.unit = unit_of(read_proc(directory / "cgroup"));
    return known;
}

Environment container_environment() {
    return {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"},
            {"HOME", "/root"},
            {"LC_ALL", "C.UTF-8"},
            {"DEBIAN_FRONTEND", "noninteractive"}};
}

Result<std::unique_ptr<Container>> boot_container(const fs::path& root, const fs::path& console,
                                                  const Environment& environment,
                                                  ProcessRunner& processes) {
    auto container = std::make_unique<Nspawn>(root, console, environment, processes);
    TRY(container->boot());
    return std::unique_ptr<Container>(std::move(container));
}

}  // namespace dba
