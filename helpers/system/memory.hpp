// How much memory this process may count on.
#pragma once

#include <cstdint>

namespace dba {

// The machine's, or the limit of the container that it runs in (control groups, version 2 or 1)
// where that is less; 0 when nobody tells.
std::uint64_t memory_of_machine();

}  // namespace dba
