#include "system/files/opened_watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>
#include <unordered_map>

#include "system/files/files.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

struct OpenedWatch::State {
    // Of one directory: the group of each file.
    struct Directory {
        std::unordered_map<std::string, std::set<std::string>> files;
        std::set<std::string> groups;
    };
    Descriptor events, finish;
    std::unordered_map<int, Directory> directories;
    std::set<std::string> opened;
    bool lost = false;
    std::thread reader;

    ~State() { end(); }

    void end() {
        if (!reader.joinable()) return;
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(finish.get(), &one, sizeof one);
        reader.join();
    }

    // A directory of whose groups all are known to be opened has nothing left to tell: fewer
    // events, so that none is dropped.
    void take(const inotify_event& event, const char* name) {
        if ((event.mask & IN_Q_OVERFLOW) != 0) lost = true;
        const auto at = directories.find(event.wd);
        if (at == directories.end() || (event.mask & IN_ISDIR) != 0 || event.len == 0) return;
        const auto file = at->second.files.find(name);
        if (file == at->second.files.end()) return;
        for (const std::string& group : file->second) {
            opened.insert(group);
            at->second.groups.erase(group);
        }
        for (auto it = at->second.groups.begin(); it != at->second.groups.end();)
            it = opened.contains(*it) ? at->second.groups.erase(it) : std::next(it);
        if (!at->second.groups.empty()) return;
        ::inotify_rm_watch(events.get(), event.wd);
        directories.erase(at);
    }

    bool read_some() {
        constexpr std::size_t size = 65536;
        alignas(inotify_event) std::array<char, size> buffer;
        const ssize_t n = ::read(events.get(), buffer.data(), buffer.size());
        if (n <= 0) return n < 0 && errno == EINTR;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(n);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            take(event, buffer.data() + at + sizeof event);
            at += sizeof event + event.len;
        }
        return true;
    }

    void read_all() {
        std::array<pollfd, 2> either = {pollfd{events.get(), POLLIN, 0},
                                        pollfd{finish.get(), POLLIN, 0}};
        while (true) {
            if (::poll(either.data(), either.size(), -1) < 0 && errno != EINTR) return;
            if ((either[0].revents & POLLIN) != 0 && read_some()) continue;
            if ((either[1].revents & POLLIN) != 0) return;
        }
    }
};

OpenedWatch::OpenedWatch(std::unique_ptr<State> state) : state_(std::move(state)) {}
OpenedWatch::~OpenedWatch() = default;

Result<std::unique_ptr<OpenedWatch>> OpenedWatch::start(
    const std::map<std::string, std::vector<fs::path>>& groups) {
    auto state = std::make_unique<State>();
    state->events = Descriptor(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    state->finish = Descriptor(::eventfd(0, EFD_CLOEXEC));
    if (!state->events || !state->finish)
        return system_error("watching files", errno_text(errno),
                            "raise sysctl fs.inotify.max_user_instances");
    std::unordered_map<std::string, int> watches;
    for (const auto& [group, files] : groups)
        for (const fs::path& file : files) {
            const std::string directory = file.parent_path().string();
            const auto [known, is_new] = watches.try_emplace(directory, -1);
            if (is_new)
                known->second = ::inotify_add_watch(state->events.get(), directory.c_str(),
                                                    IN_OPEN | IN_ONLYDIR);
            if (known->second < 0) {
                if (is_new && errno == ENOSPC)
                    return system_error("watching files",
                                        "the kernel has no room for so many directories",
                                        "raise sysctl fs.inotify.max_user_watches");
                continue;  // one that this user cannot read, nor can the build
            }
            auto& watched = state->directories[known->second];
            watched.files[file.filename().string()].insert(group);
            watched.groups.insert(group);
        }
    State& running = *state;
    state->reader = std::thread([&running] { running.read_all(); });
    return std::unique_ptr<OpenedWatch>(new OpenedWatch(std::move(state)));
}

Result<std::set<std::string>> OpenedWatch::stop() {
    state_->end();
    if (state_->lost)
        return system_error("watching files", "the kernel dropped some of what it had to tell",
                            "raise sysctl fs.inotify.max_queued_events");
    return std::move(state_->opened);
}

}  // namespace dba
