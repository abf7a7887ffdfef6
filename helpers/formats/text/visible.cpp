#include "formats/text/visible.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>

namespace dba::text {
namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;  // in bytes; 0 for one that is no UTF-8
};

// The first of a text that is not empty; overlong forms and surrogates are no UTF-8 (RFC 3629).
CodePoint first_code_point(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {};
    std::uint32_t value = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    static constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest.at(length) || value > 0x10FFFF || surrogate) return {};
    return {value, length};
}

// Unicode's Bidi_Control, its line and paragraph separators, and control characters.
bool steers(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string escape_of(std::uint32_t c) {
    if (c == '\n') return "\\n";
    return c < 0x80 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{:04x}", c);
}

template <class Escape>
std::string escaped(std::string_view text, const Escape& escape) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = first_code_point(text);
        if (point.length == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (steers(point.value))
            out += escape(point.value);
        else
            out += text.substr(0, point.length);
        text.remove_prefix(point.length);
    }
    return out;
}

}  // namespace

std::string visible(std::string_view text) {
    return escaped(text, escape_of);
}

std::string visible_lines(std::string_view text, std::size_t indent) {
    return escaped(text, [&](std::uint32_t c) {
        if (c == '\n') return "\n" + std::string(indent, ' ');
        return c == '\t' ? std::string("\t") : escape_of(c);
    });
}

std::string visible_json(std::string_view json) {
    return escaped(json, [](std::uint32_t c) {
        if (c == '\n') return std::string("\n");
        return fmt::format("\\u{:04x}", c);
    });
}

}  // namespace dba::text
