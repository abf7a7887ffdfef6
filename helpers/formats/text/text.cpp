#include "formats/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace dba::text {

bool is_variable_name(std::string_view name) {
    return !name.empty() && !is_digit(name[0]) &&
           all_of(name, [](char byte) { return is_alnum(byte) || byte == '_'; });
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

std::string hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string result;
    result.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        result += {digits[byte >> 4U], digits[byte & 15U]};
    }
    return result;
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
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

std::string directory_name(std::string_view path) {
    const auto slash = path.rfind('/');
    if (slash == path.npos) return {};
    return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

bool is_below(std::string_view path, std::string_view directory) {
    if (directory == "/") return path.size() > 1 && path.front() == '/';
    return path.size() > directory.size() && path[directory.size()] == '/' &&
           path.starts_with(directory);
}

bool is_within(std::string_view path, std::string_view directory) {
    return path == directory || is_below(path, directory);
}

std::vector<std::string> search_path(std::string_view path) {
    std::vector<std::string> directories;
    for (const std::string_view part : split(path, ':'))
        if (!part.empty()) directories.emplace_back(part);
    return directories;
}

std::string percent_encoded(std::string_view text, std::string_view also, bool upper) {
    static constexpr std::string_view unreserved = "-._~";
    std::string encoded;
    for (const char c : text) {
        if (is_alnum(c) || unreserved.find(c) != unreserved.npos || also.find(c) != also.npos) {
            encoded += c;
            continue;
        }
        encoded += '%';
        for (const char digit : hex({&c, 1})) encoded += upper ? to_upper(digit) : digit;
    }
    return encoded;
}

std::string percent_decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
            plain += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

std::string file_url(std::string_view path) {
    return "file://" + percent_encoded(path, "/+=@,:");
}

std::string path_of_file_url(std::string_view url) {
    static constexpr std::string_view scheme = "file://";
    if (!url.starts_with(scheme)) return std::string(url);
    url.remove_prefix(scheme.size());
    if (url.starts_with("localhost/")) url.remove_prefix(9);
    return percent_decoded(url.substr(0, url.find('#')));
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
