// A file descriptor that closes itself, and errno as an Error.
#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/result.hpp"

namespace dba {

class Descriptor {
 public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    [[nodiscard]] explicit operator bool() const { return fd_ >= 0; }
    [[nodiscard]] int release() { return std::exchange(fd_, -1); }
    void reset() {
        if (fd_ >= 0) {
            const int saved = errno;  // an error being reported must survive the clean-up
            ::close(fd_);
            errno = saved;
        }
        fd_ = -1;
    }

 private:
    int fd_ = -1;
};

inline std::string errno_text(int number) {
    return std::generic_category().message(number);
}

// Error{system} for `subject`: "<what>: <the text of errno>".
inline Failure errno_error(std::string subject, std::string_view what, std::string hint = {}) {
    return system_error(std::move(subject), std::string(what) + ": " + errno_text(errno),
                        std::move(hint));
}

}  // namespace dba
