// A program that runs beside this one: its output goes to a file, and it never outlives this
// process, which is killed by SIGKILL too when it comes to that.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>

#include "model/result.hpp"
#include "system/process/process.hpp"

namespace dba {

class Background {
 public:
    // `log` gets standard output and standard error, from its start.
    static Result<std::unique_ptr<Background>> start(const Command& command,
                                                     const std::filesystem::path& log);
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool is_running();
    // Waits up to so many seconds for it to end by itself; false when it has not.
    bool wait(int seconds);
    void kill();

    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    ~Background() { kill(); }

 private:
    explicit Background(pid_t pid) : pid_(pid) {}
    pid_t pid_;
    bool ended_ = false;
};

}  // namespace dba
