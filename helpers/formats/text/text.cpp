#include "formats/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dba::text {

bool is_variable_name(std::string_view name) {
    return !name.empty() && !is_digit(name[0]) &&
           std::all_of(name.begin(), name.end(),
                       [](char byte) { return is_alnum(byte) || byte == '_'; });
}

int leading_number(std::string_view text) {
    int number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), to_lower);
    return result;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trim_right(std::string_view text) {
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return trim_right(text);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> result;
    for (;;) {
        text = trim(text);
        if (text.empty()) return result;
        const auto end = std::find_if(text.begin(), text.end(), is_space);
        const auto length = static_cast<std::size_t>(end - text.begin());
        result.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
}

bool Lines::next(std::string_view& line) {
    if (rest_.empty()) return false;
    const auto end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
}

std::string file_name(std::string_view path) {
    return std::string(path.substr(path.rfind('/') + 1));
}

std::string file_url(std::string_view path) {
    static constexpr std::string_view plain = "/-._~+=@,:";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string url = "file://";
    for (const char c : path) {
        if (is_alnum(c) || plain.find(c) != plain.npos) {
            url += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        url += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return url;
}

std::string path_of_file_url(std::string_view url) {
    static constexpr std::string_view scheme = "file://";
    if (!url.starts_with(scheme)) return std::string(url);
    url.remove_prefix(scheme.size());
    if (url.starts_with("localhost/")) url.remove_prefix(9);
    url = url.substr(0, url.find('#'));
    const auto digit = [](char c) {
        return is_digit(c)                                ? c - '0'
               : to_lower(c) >= 'a' && to_lower(c) <= 'f' ? to_lower(c) - 'a' + 10
                                                          : -1;
    };
    std::string path;
    for (std::size_t i = 0; i < url.size(); ++i) {
        if (url[i] == '%' && i + 2 < url.size() && digit(url[i + 1]) >= 0 &&
            digit(url[i + 2]) >= 0) {
            path += static_cast<char>(digit(url[i + 1]) * 16 + digit(url[i + 2]));
            i += 2;
        } else {
            path += url[i];
        }
    }
    return path;
}

std::string quote(std::string_view text) {
    constexpr std::size_t limit = 60;
    std::string result = "'";
    for (const char c : text.substr(0, limit)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            result += fmt::format("\\x{:02x}", byte);
        else
            result += c;
    }
    return result + (text.size() > limit ? "...'" : "'");
}

}  // namespace dba::text
