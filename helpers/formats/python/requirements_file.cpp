#include "formats/python/requirements_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "formats/text/text.hpp"

namespace dba {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
    const auto continuation = [&](unsigned shift) {
        text += static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
    };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xc0U | (code >> 6U));
        continuation(0);
    } else if (code < 0x10000) {
        text += static_cast<char>(0xe0U | (code >> 12U));
        continuation(6);
        continuation(0);
    } else {
        text += static_cast<char>(0xf0U | (code >> 18U));
        continuation(12);
        continuation(6);
        continuation(0);
    }
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) return false;
        i += length;
    }
    return true;
}

// UTF-16 or UTF-32, `size` bytes a unit. Nothing for units that are no text.
std::string from_units(std::string_view bytes, std::size_t size, bool big_endian, bool& right) {
    std::string text;
    std::uint32_t high = 0;
    right = bytes.size() % size == 0;
    for (std::size_t i = 0; right && i + size <= bytes.size(); i += size) {
        std::uint32_t unit = 0;
        for (std::size_t k = 0; k < size; ++k)
            unit = (unit << 8U) |
                   static_cast<unsigned char>(bytes[i + (big_endian ? k : size - 1 - k)]);
        const bool is_high = size == 2 && unit >= 0xd800 && unit < 0xdc00;
        const bool is_low = unit >= 0xdc00 && unit < 0xe000;
        right = unit < 0x110000 && is_low == (high != 0) && (size == 2 || !is_low);
        if (is_high) {
            high = unit;
            continue;
        }
        append_utf8(text, high == 0 ? unit : 0x10000 + ((high - 0xd800) << 10U) + (unit - 0xdc00));
        high = 0;
    }
    right = right && high == 0;
    return text;
}

// "# -*- coding: latin-1 -*-" in one of the first two lines.
std::string coding_of(std::string_view text) {
    text::Lines lines(text);
    std::string_view line;
    while (lines.number() < 2 && lines.next(line)) {
        if (!line.starts_with('#')) continue;
        auto at = line.find("coding");
        if (at == line.npos) continue;
        at += 6;
        if (at >= line.size() || (line[at] != ':' && line[at] != '=')) continue;
        const auto name = text::trim(line.substr(at + 1));
        return text::lower(name.substr(0, name.find_first_of(" \t;,")));
    }
    return {};
}

bool is_comment(std::string_view line) {
    return text::trim(line).starts_with('#');
}

// A comment starts at a '#' that begins the line or follows a space ("url#egg=x" is none).
std::string_view without_remark(std::string_view line) {
    for (std::size_t i = line.find('#'); i != line.npos; i = line.find('#', i + 1))
        if (i == 0 || text::is_space(line[i - 1])) return line.substr(0, i);
    return line;
}

struct Known {
    std::string_view name, brief;
    bool takes_value;
};

// pip's documentation, "Requirements File Format".
constexpr std::array known_options{Known{"--requirement", "-r", true},
                                   Known{"--constraint", "-c", true},
                                   Known{"--editable", "-e", true},
                                   Known{"--index-url", "-i", true},
                                   Known{"--pypi-url", "", true},
                                   Known{"--extra-index-url", "", true},
                                   Known{"--no-index", "", false},
                                   Known{"--find-links", "-f", true},
                                   Known{"--no-binary", "", true},
                                   Known{"--only-binary", "", true},
                                   Known{"--prefer-binary", "", false},
                                   Known{"--require-hashes", "", false},
                                   Known{"--pre", "", false},
                                   Known{"--trusted-host", "", true},
                                   Known{"--use-feature", "", true},
                                   Known{"--hash", "", true},
                                   Known{"--config-settings", "-C", true},
                                   Known{"--config-setting", "", true},
                                   Known{"--global-option", "", true},
                                   Known{"--install-option", "", true}};

std::string spelled(std::string_view name) {
    if (name == "--pypi-url") return "--index-url";
    if (name == "--config-setting") return "--config-settings";
    return std::string(name);
}

struct QuotedWord {
    std::string text;
    std::size_t end = 0;  // where it ends, quotes included
};

// Words as a shell takes them, as far as quotes go.
std::vector<QuotedWord> quoted_words(std::string_view text) {
    std::vector<QuotedWord> words;
    bool open = false;
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quote == 0 && text::is_space(c)) {
            open = false;
            continue;
        }
        if (!open) words.emplace_back();
        open = true;
        if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote)
            quote = 0;
        else
            words.back().text += c;
        words.back().end = at + 1;
    }
    return words;
}

}  // namespace

Result<std::string> requirements_text(std::string_view bytes, const std::string& file_name) {
    using namespace std::literals;
    struct Mark {
        std::string_view bytes;
        std::size_t unit;
        bool big_endian;
        const char* name;
    };
    // Four bytes before two: UTF-32's begins like UTF-16's.
    static constexpr std::array marks{
        Mark{"\xff\xfe\0\0"sv, 4, false, "UTF-32"}, Mark{"\0\0\xfe\xff"sv, 4, true, "UTF-32"},
        Mark{"\xff\xfe"sv, 2, false, "UTF-16"}, Mark{"\xfe\xff"sv, 2, true, "UTF-16"}};
    const auto broken = [&](const std::string& encoding) {
        return bad_input(file_name, fmt::format("is not valid {}", encoding), "save it as UTF-8");
    };
    for (const auto& mark : marks) {
        if (!bytes.starts_with(mark.bytes)) continue;
        bool right = true;
        std::string text =
            from_units(bytes.substr(mark.bytes.size()), mark.unit, mark.big_endian, right);
        if (!right) return broken(mark.name);
        return text;
    }
    if (bytes.starts_with("\xef\xbb\xbf"sv)) bytes.remove_prefix(3);
    const std::string coding = coding_of(bytes);
    if (coding == "latin-1" || coding == "iso-8859-1" || coding == "latin1") {
        std::string text;
        for (const char c : bytes) append_utf8(text, static_cast<unsigned char>(c));
        return text;
    }
    if (!coding.empty() && coding != "utf-8" && coding != "utf8" && coding != "ascii")
        return bad_input(file_name, fmt::format("says that it is in {}, which is not read", coding),
                         "save it as UTF-8");
    if (!is_utf8(bytes)) return broken("UTF-8");
    return std::string(bytes);
}

std::vector<RequirementsRow> requirements_rows(std::string_view text) {
    std::vector<RequirementsRow> rows;
    RequirementsRow current;
    const auto finish = [&] {
        const auto kept = without_remark(current.text);
        const auto remark = std::string_view(current.text).substr(kept.size());
        if (!remark.empty()) current.remark = text::trim(remark.substr(1));
        current.text = std::string(text::trim(kept));
        if (!current.text.empty()) rows.push_back(current);
        current = {};
    };
    text::Lines lines(text);
    std::string_view line;
    while (lines.next(line)) {
        if (current.number == 0) current.number = static_cast<int>(lines.number());
        // As pip: a line that is a comment ends what was continued, whatever its own end is.
        if (is_comment(line)) {
            current.text += " ";
            current.text += line;
            finish();
            continue;
        }
        const bool continued = line.ends_with('\\');
        if (continued) line.remove_suffix(1);
        current.text += line;
        if (!continued) finish();
    }
    finish();
    return rows;
}

Result<RequirementsWords> requirements_words(const std::string& row, const std::string& where) {
    RequirementsWords words;
    // Options begin with the first word that starts with a dash.
    std::size_t start = 0;
    while (start < row.size() &&
           !(row[start] == '-' && (start == 0 || text::is_space(row[start - 1]))))
        ++start;
    words.requirement = std::string(text::trim(std::string_view(row).substr(0, start)));
    const std::string rest = row.substr(start);
    const auto parts = quoted_words(rest);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string& part = parts[i].text;
        const auto equals = part.find('=');
        const bool full = part.starts_with("--");
        const auto* option =
            std::find_if(known_options.begin(), known_options.end(), [&](const Known& one) {
                return full ? part.substr(0, equals) == one.name
                            : !one.brief.empty() && part.starts_with(one.brief);
            });
        if (option == known_options.end())
            return bad_input(where, fmt::format("{} is no option of a requirements file", part),
                             "pip's documentation lists them (Requirements File Format)");
        RequirementsOption found{spelled(option->name), {}};
        if (option->takes_value) {
            if (full && equals != std::string::npos) {
                found.value = part.substr(equals + 1);
            } else if (!full && part.size() > option->brief.size()) {
                found.value = part.substr(option->brief.size());
            } else if (i + 1 < parts.size()) {
                found.value = parts[++i].text;
            }
            // "-e ./lib[x] ; os_name == 'posix'" is one value, as it stands.
            if (found.name == "--editable" && !found.value.empty()) {
                found.value += rest.substr(parts[i].end);
                found.value = std::string(text::trim(found.value));
                i = parts.size();
            }
            if (found.value.empty())
                return bad_input(where, fmt::format("{} lacks its value", found.name));
        }
        words.options.push_back(std::move(found));
    }
    return words;
}

}  // namespace dba
