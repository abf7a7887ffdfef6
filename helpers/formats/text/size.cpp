#include "formats/text/size.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

namespace dba::text {

std::optional<std::uint64_t> parse_size(std::string_view text) {
    static constexpr std::string_view units = "KMGT";
    std::uint64_t factor = 1;
    if (const auto unit = text.empty() ? std::string_view::npos : units.find(text.back());
        unit != std::string_view::npos) {
        factor = std::uint64_t{1} << (10U * (unit + 1));
        text.remove_suffix(1);
    }
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(text.begin(), text.end(), number);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.end()) return std::nullopt;
    if (__builtin_mul_overflow(number, factor, &number))
        number = std::numeric_limits<std::uint64_t>::max();
    return number;
}

std::string size_text(std::uint64_t bytes) {
    static constexpr std::array units{"kB", "MB", "GB", "TB"};
    if (bytes < 1000) return fmt::format("{} bytes", bytes);
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.1f} {}", value, units.at(unit));
}

}  // namespace dba::text
