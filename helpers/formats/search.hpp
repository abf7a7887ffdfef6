// Finding any of several strings in a great many bytes: the leak gate's searcher.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dba {

struct Match {
    std::size_t pattern = 0;  // index into the patterns given to the constructor
    std::size_t offset = 0;   // bytes from the start of the text
    friend bool operator==(const Match&, const Match&) = default;
};

// Wu and Manber's algorithm (1994): a table over hashed blocks tells how far no pattern can end,
// so that most bytes are never looked at; the longer the shortest pattern, the faster. Scalar and
// portable; above 1 GB/s per core from 12-byte patterns up in an optimised build (measured by
// tests/bench/search.cpp).
class PatternSearch {
 public:
    // Empty patterns never match.
    explicit PatternSearch(std::vector<std::string> patterns);

    // At most `limit` matches, by offset, then by pattern; overlapping ones included.
    [[nodiscard]] std::vector<Match> find(std::string_view text,
                                          std::size_t limit = SIZE_MAX) const;

    [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }

 private:
    static constexpr std::size_t block = 3;  // bytes hashed together
    static constexpr std::size_t table_bits = 15;

    static std::size_t hash(const unsigned char* bytes) {
        // 15 bits of a 24-bit block; multiplication spreads text's narrow byte range.
        const std::uint32_t value = static_cast<std::uint32_t>(bytes[0]) |
                                    static_cast<std::uint32_t>(bytes[1]) << 8U |
                                    static_cast<std::uint32_t>(bytes[2]) << 16U;
        return (value * 2654435761U) >> (32 - table_bits);
    }

    std::vector<std::string> patterns_;
    std::vector<std::size_t> short_patterns_;        // below `block` bytes: searched one by one
    std::size_t window_ = 0;                         // length of the shortest long pattern
    std::vector<std::uint8_t> shift_;                // by hash: bytes that can be skipped
    std::vector<std::vector<std::size_t>> buckets_;  // by slot: patterns whose window ends so
    std::vector<std::uint16_t> slot_;                // by hash: bucket + 1, 0 = none
};

}  // namespace dba
