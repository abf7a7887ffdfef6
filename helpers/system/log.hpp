// Progress for people, on stderr. Results for programs go to stdout, elsewhere.
#pragma once

#include <string>

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

}  // namespace dba
