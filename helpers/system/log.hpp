// Progress for people, on stderr. Results for programs go to stdout, elsewhere.
#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace dba {

class Log {
 public:
    virtual ~Log() = default;
    // One line of what is being done: "lock: resolving 3 requirements".
    virtual void step(const std::string& step, const std::string& message) = 0;
    virtual void warning(const std::string& step, const std::string& message) = 0;
};

class StderrLog final : public Log {
 public:
    void step(const std::string& step, const std::string& message) override;
    void warning(const std::string& step, const std::string& message) override;
};

// Says each line once, also over several processes that have the same file: what is in it was said.
class OnceLog final : public Log {
 public:
    // "" = everything is said.
    OnceLog(Log& log, std::filesystem::path file);
    void step(const std::string& step, const std::string& message) override;
    void warning(const std::string& step, const std::string& message) override;

 private:
    bool is_new(std::string line);

    Log& log_;
    std::filesystem::path file_;
    std::set<std::string> said_;  // by others
};

// Hands all of it on, and remembers the warnings.
class RecordingLog final : public Log {
 public:
    struct Warning {
        std::string step, message;
    };
    explicit RecordingLog(Log& to) : to_(to) {}
    void step(const std::string& step, const std::string& message) override;
    void warning(const std::string& step, const std::string& message) override;
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::vector<Warning> since(std::size_t count) const;

 private:
    Log& to_;
    mutable std::mutex mutex_;
    std::vector<Warning> warnings_;
};

}  // namespace dba
