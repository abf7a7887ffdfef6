// /etc/ld.so.cache: which file the dynamic linker takes for a soname.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace dba {

struct CachedLibrary {
    std::string soname;       // "libssl.so.3"
    std::string path;         // "/lib/x86_64-linux-gnu/libssl.so.3"
    unsigned flags = 0;       // glibc's FLAG_*: kind of libc and of machine
    std::uint64_t hwcap = 0;  // 0 for the baseline; others are chosen on some processors only
};

// In the file's order. glibc's new format (glibc-ld.so.cache1.1), alone or behind an old-format
// header, of the byte order of this machine; bad_input for anything else.
Result<std::vector<CachedLibrary>> parse_ld_cache(std::string_view bytes,
                                                  std::string_view file_name);

// The flags that libraries of an ELF machine (e_machine) and class carry; 0 when unknown. A library
// that needs no libc has 1 in place of 3 in the low byte.
unsigned ld_cache_flags(unsigned machine, bool is_64);

}  // namespace dba
