#include "system/files/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <chrono>
#include <thread>

namespace dba {
namespace {

Result<Descriptor> open_lock(const std::filesystem::path& file) {
    Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (!lock) return errno_error(file.string(), "cannot be opened");
    return lock;
}

// False when somebody else has it.
Result<bool> try_lock(const Descriptor& lock, int operation, const std::filesystem::path& file) {
    if (::flock(lock.get(), operation | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK && errno != EINTR)
        return errno_error(file.string(), "cannot be locked");
    return false;
}

}  // namespace

Result<Descriptor> lock_file(const std::filesystem::path& file, FileLock kind,
                             const std::function<void()>& waits) {
    TRY_ASSIGN(Descriptor lock, open_lock(file));
    const auto start = std::chrono::steady_clock::now();
    bool said = false;
    while (true) {
        TRY_ASSIGN(const bool taken,
                   try_lock(lock, kind == FileLock::shared ? LOCK_SH : LOCK_EX, file));
        if (taken) return lock;
        if (!said && std::chrono::steady_clock::now() - start >= std::chrono::seconds(1)) {
            waits();
            said = true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

Result<Descriptor> try_lock_file(const std::filesystem::path& file) {
    TRY_ASSIGN(Descriptor lock, open_lock(file));
    TRY_ASSIGN(const bool taken, try_lock(lock, LOCK_EX, file));
    if (!taken) lock.reset();
    return lock;
}

}  // namespace dba
