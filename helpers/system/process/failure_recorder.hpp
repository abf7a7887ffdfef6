// Keeps what the last command that failed has said: an error quotes its last lines only.
#pragma once

#include <filesystem>

#include "system/process/process.hpp"

namespace dba {

class FailureRecorder final : public ProcessRunner {
 public:
    // `file` gets its standard error and output, the last 200 kB of each.
    FailureRecorder(ProcessRunner& runner, std::filesystem::path file)
        : runner_(runner), file_(std::move(file)) {}
    Result<Completed> run(const Command& command) override;

 private:
    ProcessRunner& runner_;
    std::filesystem::path file_;
};

}  // namespace dba
