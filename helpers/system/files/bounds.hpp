// How much an archive from outside may hold: what is beyond is refused before it fills a disk or
// the memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace dba {

// The largest packages of PyPI's wheels (CUDA) hold some 8 GiB in 60,000 entries, 20 times what
// they are when packed.
struct ArchiveBounds {
    std::uint64_t unpacked = std::uint64_t{16} << 30U;  // bytes, of all files together
    std::uint64_t entries = 300000;
    std::uint64_t ratio = 100;  // bytes unpacked for one of the archive; the first 64 MiB are free
    std::uint64_t path = 2048;  // bytes of an entry's path
    std::uint64_t depth = 100;  // components of an entry's path

    // For what this program has made itself.
    static constexpr ArchiveBounds none() {
        constexpr auto all = std::numeric_limits<std::uint64_t>::max();
        return {all, all, all, all, all};
    }
};

// "unpacked=64G,entries=1000000": what is not named stays as it is; K, M, G and T are powers of
// 1024. A usage error names `subject`.
Result<ArchiveBounds> parse_archive_bounds(std::string_view text, const std::string& subject);

// Those of this process: DEB_VENV_ARCHIVE_BOUNDS raises or lowers them.
Result<ArchiveBounds> archive_bounds();

// What of the bounds one archive has used up. Errors are bad_input with the way to raise the bound.
class ArchiveMeter {
 public:
    // `packed` is the archive's size in bytes.
    ArchiveMeter(const ArchiveBounds& bounds, std::uint64_t packed, std::string subject);

    Result<void> count_entry(std::string_view path, std::string_view link_target);
    Result<void> count_bytes(std::uint64_t size, std::string_view path);

 private:
    [[nodiscard]] Failure beyond(std::string cause, std::string_view bound) const;

    ArchiveBounds bounds_;
    std::uint64_t by_ratio_;
    std::string subject_;
    std::uint64_t entries_ = 0, names_ = 0, bytes_ = 0;
};

}  // namespace dba
