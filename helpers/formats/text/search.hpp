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

// A filter over samples: with patterns of m bytes and more, every occurrence holds, among the
// blocks of four bytes that begin in its first m-3 bytes, exactly one that begins at a multiple of
// m-3 of the text. So only those are looked at, in a table of 64 Kbit that fits a core's first
// cache, and none waits for the one before; how many patterns there are hardly matters, the longer
// the shortest is the better. Scalar and portable. tests/bench/search.cpp measures it.
class PatternSearch {
 public:
    // Empty patterns never match.
    explicit PatternSearch(std::vector<std::string> patterns);

    // At most `limit` matches, by offset, then by pattern; overlapping ones included.
    [[nodiscard]] std::vector<Match> find(std::string_view text,
                                          std::size_t limit = SIZE_MAX) const;

    [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }

 private:
    static constexpr std::size_t block = 4;  // bytes that make a sample
    static constexpr std::size_t table_bits = 16;
    static constexpr std::size_t longest_step = 64;  // more would only fill the table

    // A block of a pattern, `offset` bytes from its start.
    struct Place {
        std::size_t pattern = 0;
        std::size_t offset = 0;
    };

    static std::uint32_t hash(const char* bytes);
    [[nodiscard]] bool passes(std::uint32_t h) const {
        return (filter_[h >> 6U] >> (h & 63U) & 1U) != 0;
    }
    // The matches that a sample at `at` gives away; how many were added.
    std::size_t matches_around(std::string_view text, std::size_t at, std::uint32_t h,
                               std::vector<Match>& found) const;

    std::vector<std::string> patterns_;
    std::vector<std::size_t> short_patterns_;  // below `block` bytes: searched one by one
    std::size_t step_ = 0;                     // bytes from one sample to the next, 0 = no pattern
    std::vector<std::uint64_t> filter_;        // one bit for each hash
    std::vector<std::uint32_t> first_;         // by hash: where its places begin in places_
    std::vector<Place> places_;                // sorted by hash
};

}  // namespace dba
