// A scratch directory of a command that keeps no work directory: gone on every way out.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "model/result.hpp"
#include "system/process/descriptor.hpp"

namespace dba {

// Removed when it goes; on SIGINT, SIGTERM and SIGHUP by this process before it dies of them; and
// by a process that watches from outside when this one dies in any other way (SIGKILL, no memory).
class ScratchDirectory {
 public:
    // Below `parent` (default: the system's directory for temporary files, TMPDIR). To be called
    // before this process has other threads, once at a time: signals are taken away from the
    // calling thread.
    static Result<std::unique_ptr<ScratchDirectory>> make(
        const std::filesystem::path& parent = std::filesystem::temp_directory_path(),
        const std::string& stem = "deb-build-app");

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // What the destructor does, with its error.
    Result<void> remove();

    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory();

 private:
    struct Signals;  // the thread that waits for them
    explicit ScratchDirectory(std::filesystem::path path);

    std::filesystem::path path_;
    Descriptor alive_;  // closed with this process: what the watcher waits for
    pid_t watcher_ = -1;
    std::unique_ptr<Signals> signals_;
};

}  // namespace dba
