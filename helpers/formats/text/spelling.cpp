#include "formats/text/spelling.hpp"

#include <nlohmann/json.hpp>
#include <optional>

#include "formats/text/text.hpp"

namespace dba {
namespace {

std::optional<std::string> json_escaped(const std::string& path) {
    try {
        const std::string quoted = nlohmann::json(path).dump(-1, ' ', true);
        return quoted.substr(1, quoted.size() - 2);
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;  // no UTF-8
    }
}

std::string backslashed(std::string_view path) {
    std::string escaped;
    for (const char byte : path) {
        if (std::string_view(" \t#$&'\"()*;<>?[\\]`{|}").find(byte) != std::string_view::npos)
            escaped += '\\';
        escaped += byte;
    }
    return escaped;
}

// The escaped JSON text is ASCII with \uXXXX for the rest, surrogate pairs included: the units of
// UTF-16 are read off it.
std::string utf16_of(std::string_view json) {
    std::string wide;
    const auto add = [&](unsigned unit) {
        wide += static_cast<char>(unit & 0xffU);
        wide += static_cast<char>(unit >> 8U);
    };
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] != '\\' || i + 1 == json.size()) {
            add(static_cast<unsigned char>(json[i]));
        } else if (json[++i] == 'u' && i + 4 < json.size()) {
            add(static_cast<unsigned>(std::stoul(std::string(json.substr(i + 1, 4)), nullptr, 16)));
            i += 4;
        } else {
            constexpr std::string_view letters = "bfnrt";
            constexpr std::string_view controls = "\b\f\n\r\t";
            const std::size_t at = letters.find(json[i]);
            add(static_cast<unsigned char>(at == std::string_view::npos ? json[i] : controls[at]));
        }
    }
    return wide;
}

}  // namespace

std::vector<SpelledPath> spellings_of(const std::string& path) {
    std::vector<SpelledPath> all{{Spelling::plain, path}};
    const auto add = [&](Spelling spelling, std::string bytes) {
        for (const SpelledPath& one : all)
            if (one.bytes == bytes) return;
        all.push_back({spelling, std::move(bytes)});
    };
    add(Spelling::url, text::percent_encoded(path, "/", true));
    // What browsers leave as it is in a path (RFC 3986: pchar).
    add(Spelling::url, text::percent_encoded(path, "/!$&'()*+,;=:@", true));
    add(Spelling::query, text::percent_encoded(path, "", true));
    add(Spelling::query, text::percent_encoded(path, "", false));
    add(Spelling::escaped, backslashed(path));
    if (const auto json = json_escaped(path)) {
        add(Spelling::json, *json);
        add(Spelling::utf16, utf16_of(*json));
    }
    return all;
}

std::string_view describe(Spelling spelling) {
    switch (spelling) {
        case Spelling::plain:
            return "";
        case Spelling::url:
        case Spelling::query:
            return "as a URL";
        case Spelling::json:
            return "as JSON";
        case Spelling::escaped:
            return "with escapes";
        case Spelling::utf16:
            return "as UTF-16";
    }
    return "";
}

bool goes_on_a_name(char byte) {
    return text::is_alnum(byte) || byte == '_' || byte == '-' || byte == '+' || byte == '~' ||
           static_cast<unsigned char>(byte) >= 0x80;
}

bool path_ends(std::string_view text, std::size_t end, Spelling spelling) {
    const std::size_t width = spelling == Spelling::utf16 ? 2 : 1;
    // The character at `at`; a slash for the end of the text, which ends a name too.
    const auto character = [&](std::size_t at) {
        if (at + width > text.size()) return '/';
        if (width == 2 && text[at + 1] != '\0') return '\x80';  // some letter beyond Latin-1
        return text[at];
    };
    const char next = character(end);
    if (next == '.') return !goes_on_a_name(character(end + width));
    if (next == '%' && (spelling == Spelling::url || spelling == Spelling::query)) {
        // An escaped slash ends the name; of the other bytes, those are escaped that go on.
        const std::string_view escaped = text.substr(end, 3);
        return escaped == "%2F" || escaped == "%2f" || escaped == "%22" || escaped == "%20";
    }
    return !goes_on_a_name(next);
}

std::size_t components(std::string_view path) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (path[i] != '/' && (i == 0 || path[i - 1] == '/')) ++count;
    return count;
}

}  // namespace dba
