#include "steps/render/text.hpp"

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba::steps {

namespace {

std::string in_double_quotes(std::string_view word, bool expands_variables) {
    const bool plain = !word.empty() && text::all_of(word, [](char byte) {
        return text::is_alnum(byte) ||
               std::string_view("_-./:=@,+").find(byte) != std::string_view::npos;
    });
    // A word of its own that is ";" would end the command, and "-", "@", ":", "+", "!" in front of
    // the program have meanings; only the latter can be plain, and only absolute paths come first.
    std::string text;
    for (const char byte : word) {
        switch (byte) {
            case '\\':
                text += "\\\\";
                break;
            case '"':
                text += "\\\"";
                break;
            case '\n':
                text += "\\n";
                break;
            case '\t':
                text += "\\t";
                break;
            case '\r':
                text += "\\r";
                break;
            case '%':
                text += "%%";
                break;
            case '$':
                text += expands_variables ? "$$" : "$";
                break;
            default:
                if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f)
                    text += "\\x" + text::hex({&byte, 1});  // systemd.service(5), quoting
                else
                    text += byte;
        }
    }
    return plain ? text : "\"" + text + "\"";
}

}  // namespace

std::string shell_quote(std::string_view word) {
    const bool plain = !word.empty() && text::all_of(word, [](char byte) {
        return text::is_alnum(byte) ||
               std::string_view("_-./:@,+%").find(byte) != std::string_view::npos;
    });
    if (plain) return std::string(word);
    std::string out = "'";
    for (const char byte : word) {
        if (byte == '\'') {
            out += "'\\''";
        } else {
            out += byte;
        }
    }
    return out + "'";
}

std::string shell_words(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : " ") + shell_quote(word);
    return out;
}

std::string systemd_quote(std::string_view word) {
    return in_double_quotes(word, true);
}

std::string systemd_quote_program(std::string_view path) {
    return in_double_quotes(path, false);
}

std::string systemd_words(const std::vector<std::string>& words) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i)
        out += i == 0 ? systemd_quote_program(words[i]) : " " + systemd_quote(words[i]);
    return out;
}

std::string systemd_value(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        if (byte == '%') {
            out += "%%";
        } else {
            out += byte == '\n' || byte == '\r' ? ' ' : byte;
        }
    }
    // A backslash at the end of a line would join the next one to it.
    while (!out.empty() && (out.back() == '\\' || out.back() == ' ')) out.pop_back();
    return out;
}

std::string environment_line(std::string_view key, std::string_view value) {
    std::string out(key);
    out += "=\"";
    for (const char byte : value) {
        if (std::string_view("\"\\$`").find(byte) != std::string_view::npos) out += '\\';
        out += byte;
    }
    return out + "\"\n";
}

std::string environment_lines(const std::vector<std::string>& settings) {
    std::string out;
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        out += environment_line(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return out;
}

std::vector<std::string> wrap_paragraphs(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    std::string line;
    const auto flush = [&] {
        if (!line.empty()) lines.push_back(line);
        line.clear();
    };
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view input = text.substr(at, end - at);
        at = end + 1;
        while (!input.empty() &&
               std::string_view(" \t\r").find(input.back()) != std::string_view::npos)
            input.remove_suffix(1);
        if (input.empty()) {
            flush();
            if (!lines.empty() && !lines.back().empty()) lines.emplace_back();
            continue;
        }
        if (input[0] == ' ' || input[0] == '\t') {
            flush();
            lines.emplace_back(input);
            continue;
        }
        for (std::size_t word = 0; word < input.size();) {
            const std::size_t stop = std::min(input.find(' ', word), input.size());
            const std::string_view next = input.substr(word, stop - word);
            word = stop + 1;
            if (next.empty()) continue;
            if (!line.empty() && line.size() + 1 + next.size() > width) flush();
            if (!line.empty()) line += ' ';
            line += next;
        }
    }
    flush();
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    return lines;
}

}  // namespace dba::steps
