// Numbers of bytes, as people write and read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dba::text {

// "64G" -> 64 GiB; K, M, G and T, or a plain number. One that is too large is the largest there is.
std::optional<std::uint64_t> parse_size(std::string_view text);
// "64.0 GB", in powers of 1000 as disks are sold and df -H counts.
std::string size_text(std::uint64_t bytes);

}  // namespace dba::text
