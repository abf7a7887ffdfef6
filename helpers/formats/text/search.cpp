#include "formats/text/search.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace dba {

std::uint32_t PatternSearch::hash(const char* bytes) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes, block);
    // Multiplication spreads text's narrow byte range over the upper bits.
    return value * 2654435761U >> (32 - table_bits);
}

PatternSearch::PatternSearch(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
    std::vector<std::size_t> longer;
    std::size_t shortest = SIZE_MAX;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (patterns_[i].empty()) continue;
        (patterns_[i].size() < block ? short_patterns_ : longer).push_back(i);
        if (patterns_[i].size() >= block) shortest = std::min(shortest, patterns_[i].size());
    }
    if (longer.empty()) return;
    step_ = std::min(shortest - block + 1, longest_step);

    constexpr std::size_t table_size = std::size_t{1} << table_bits;
    std::vector<std::pair<std::uint32_t, Place>> hashed;
    filter_.assign(table_size / 64, 0);
    first_.assign(table_size + 1, 0);
    for (const std::size_t i : longer) {
        for (std::size_t offset = 0; offset < step_; ++offset) {
            const std::uint32_t h = hash(patterns_[i].data() + offset);
            hashed.emplace_back(h, Place{i, offset});
            filter_[h >> 6U] |= std::uint64_t{1} << (h & 63U);
            ++first_[h + 1];
        }
    }
    for (std::size_t h = 0; h < table_size; ++h) first_[h + 1] += first_[h];
    std::stable_sort(hashed.begin(), hashed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [h, place] : hashed) places_.push_back(place);
}

std::size_t PatternSearch::matches_around(std::string_view text, std::size_t at, std::uint32_t h,
                                          std::vector<Match>& found) const {
    std::size_t added = 0;
    for (std::size_t i = first_[h]; i < first_[h + 1]; ++i) {
        const Place& place = places_[i];
        const std::string& pattern = patterns_[place.pattern];
        if (place.offset > at || text.size() - (at - place.offset) < pattern.size()) continue;
        const std::size_t start = at - place.offset;
        if (std::memcmp(text.data() + start, pattern.data(), pattern.size()) != 0) continue;
        found.push_back({place.pattern, start});
        ++added;
    }
    return added;
}

std::vector<Match> PatternSearch::find(std::string_view text, std::size_t limit) const {
    std::vector<Match> found;
    for (const std::size_t i : short_patterns_) {
        std::size_t from = 0;
        for (std::size_t kept = 0; kept < limit; ++kept) {
            const std::size_t offset = text.find(patterns_[i], from);
            if (offset == std::string_view::npos) break;
            found.push_back({i, offset});
            from = offset + 1;
        }
    }

    if (step_ != 0 && text.size() >= block) {
        const std::size_t end = text.size() - block + 1;  // of where samples can begin
        std::size_t at = 0;
        std::size_t kept = 0;
        const auto look = [&](std::size_t where, std::uint32_t h) {
            // Where a sample's matches begin comes before where the next one's do.
            if (passes(h) && kept < limit) kept += matches_around(text, where, h, found);
        };
        // Four at a time: their tests are one branch.
        for (; kept < limit && end > 3 * step_ && at < end - 3 * step_; at += 4 * step_) {
            const char* bytes = text.data() + at;
            const std::uint32_t h0 = hash(bytes);
            const std::uint32_t h1 = hash(bytes + step_);
            const std::uint32_t h2 = hash(bytes + 2 * step_);
            const std::uint32_t h3 = hash(bytes + 3 * step_);
            const bool none = ((filter_[h0 >> 6U] >> (h0 & 63U) | filter_[h1 >> 6U] >> (h1 & 63U) |
                                filter_[h2 >> 6U] >> (h2 & 63U) | filter_[h3 >> 6U] >> (h3 & 63U)) &
                               1U) == 0;
            if (none) continue;
            look(at, h0);
            look(at + step_, h1);
            look(at + 2 * step_, h2);
            look(at + 3 * step_, h3);
        }
        for (; kept < limit && at < end; at += step_) look(at, hash(text.data() + at));
    }

    std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
        return std::pair(a.offset, a.pattern) < std::pair(b.offset, b.pattern);
    });
    if (found.size() > limit) found.resize(limit);
    return found;
}

}  // namespace dba
