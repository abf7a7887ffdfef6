// Who listens where, as the kernel has it (proc(5)).
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>

namespace dba {

// All processes and listening sockets as they are at one moment, for several questions.
class Listening {
 public:
    Listening();

    // "127.0.0.1:8000", "[::]:80": the TCP sockets on which the process or one of its descendants
    // listens.
    [[nodiscard]] std::set<std::string> below(pid_t pid) const;

 private:
    std::multimap<pid_t, pid_t> children_;
    std::multimap<std::string, std::string> addresses_;  // by the socket's number
};

}  // namespace dba
