// How long an act or a judgement took.
#pragma once

#include <chrono>

namespace dba::rehearsal {

// Seconds since it was made.
class Stopwatch {
 public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(Clock::now() - start_).count();
    }

 private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

}  // namespace dba::rehearsal
