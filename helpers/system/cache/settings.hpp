// Where the shared cache is, how large it may be, and what it is keyed by besides receipts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "model/result.hpp"
#include "system/files/store.hpp"

namespace dba {

struct CacheSettings {
    std::filesystem::path directory;  // "" = no cache at all, not over the network either
    std::uint64_t max_size = std::uint64_t{10} << 30U;  // bytes; the least recently used go first
    std::string url;                                    // "" = none
    bool push = false;                                  // write to `url`, too
};

// As options of the command line have them; "" = not given, and the variable of this process's
// environment counts.
struct CacheWords {
    std::string directory;  // DEB_VENV_CACHE_DIR: an absolute path, or OFF
    std::string max_size;   // DEB_VENV_CACHE_SIZE
    std::string url;        // DEB_VENV_CACHE_URL
    std::string push;       // DEB_VENV_CACHE_PUSH: ON or OFF
};
// usage_error naming the option or variable.
Result<CacheSettings> cache_settings(const CacheWords& words);

// What decides an output beside its receipt: the release and the machine, and the compressors that
// this program is linked with; for Sharing::machine also its packages and its kernel.
std::string surroundings(Sharing sharing);

}  // namespace dba
