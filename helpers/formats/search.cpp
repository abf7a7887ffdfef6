#include "formats/search.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace dba {

PatternSearch::PatternSearch(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
    std::vector<std::size_t> longer;
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (patterns_[i].empty()) continue;
        (patterns_[i].size() < block ? short_patterns_ : longer).push_back(i);
    }
    if (longer.empty()) return;

    window_ = SIZE_MAX;
    for (const std::size_t i : longer) window_ = std::min(window_, patterns_[i].size());
    window_ = std::min<std::size_t>(window_, 255 + block - 1);  // shifts fit one byte

    const std::size_t farthest = window_ - block + 1;
    shift_.assign(std::size_t{1} << table_bits, static_cast<std::uint8_t>(farthest));
    slot_.assign(std::size_t{1} << table_bits, 0);
    for (const std::size_t i : longer) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(patterns_[i].data());
        for (std::size_t end = block; end <= window_; ++end) {
            std::uint8_t& shift = shift_[hash(bytes + end - block)];
            shift = std::min(shift, static_cast<std::uint8_t>(window_ - end));
        }
        std::uint16_t& slot = slot_[hash(bytes + window_ - block)];
        if (slot == 0) {
            buckets_.emplace_back();
            slot = static_cast<std::uint16_t>(buckets_.size());
        }
        buckets_[slot - 1U].push_back(i);
    }
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

    if (window_ != 0 && text.size() >= window_) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        std::size_t end = window_;  // one past the window's last byte
        std::size_t kept = 0;
        while (end <= text.size() && kept < limit) {
            const std::size_t h = hash(bytes + end - block);
            const std::size_t shift = shift_[h];
            if (shift != 0) {
                end += shift;
                continue;
            }
            const std::size_t start = end - window_;
            for (const std::size_t i : buckets_[slot_[h] - 1U]) {
                const std::string& pattern = patterns_[i];
                if (text.size() - start >= pattern.size() && kept < limit &&
                    std::memcmp(bytes + start, pattern.data(), pattern.size()) == 0) {
                    found.push_back({i, start});
                    ++kept;
                }
            }
            ++end;
        }
    }

    std::sort(found.begin(), found.end(), [](const Match& a, const Match& b) {
        return std::pair(a.offset, a.pattern) < std::pair(b.offset, b.pattern);
    });
    if (found.size() > limit) found.resize(limit);
    return found;
}

}  // namespace dba
