#include "system/memory.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "system/files/files.hpp"

namespace dba {
namespace {

// A container sees its own group at the top. "max", and what is beyond every machine, is no limit.
std::uint64_t limit_in(const char* file) {
    const auto text = read_head(file, 32);
    std::uint64_t limit = 0;
    if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
    return limit;
}

}  // namespace

std::uint64_t memory_of_machine() {
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long page = ::sysconf(_SC_PAGESIZE);
    std::uint64_t memory =
        pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                              : 0;
    for (const char* file :
         {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"})
        if (const std::uint64_t limit = limit_in(file); limit != 0)
            memory = memory == 0 ? limit : std::min(memory, limit);
    return memory;
}

}  // namespace dba
