// Whether this machine runs programs of another architecture, by qemu-user and binfmt_misc.
#pragma once

#include <filesystem>
#include <string>

namespace dba {

// `registered` is where binfmt_misc is mounted. The registration must have opened the emulator (its
// flag F): inside another root there is none.
bool emulates(const std::string& architecture,
              const std::filesystem::path& registered = "/proc/sys/fs/binfmt_misc");

}  // namespace dba
