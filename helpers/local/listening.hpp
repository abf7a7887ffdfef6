// Who listens where, as the kernel has it (proc(5)).
#pragma once

#include <sys/types.h>

#include <set>
#include <string>

namespace dba {

// "127.0.0.1:8000", "[::]:80": the TCP sockets on which the process or one of its descendants
// listens.
std::set<std::string> listening_below(pid_t pid);

}  // namespace dba
