#include "model/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/json.hpp"

namespace dba {
namespace {

constexpr std::size_t columns = 5;
using Cells = std::array<std::string, columns>;
// In characters. An act's name and an outcome are never longer.
constexpr std::array<std::size_t, columns> widths = {18, 36, 36, 44, 8};

std::string shown(Outcome outcome) {
    return outcome == Outcome::failed ? "FAILED" : word_of(outcome);
}

// How many of the first bytes are at most `width` characters of UTF-8.
std::size_t bytes_of(const std::string& text, std::size_t width) {
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80;
        if (starts && width-- == 0) break;
    }
    return at;
}

std::string padded(const std::string& text, std::size_t width) {
    const auto length =
        static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;
        }));
    return text + std::string(width - std::min(length, width), ' ');
}

// Lines of at most `width` characters, cut at blanks where there are some.
std::vector<std::string> wrap(const std::string& text, std::size_t width) {
    std::vector<std::string> lines;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string rest = text.substr(start, end - start);
        start = end + 1;
        while (true) {
            const std::size_t fits = bytes_of(rest, width);
            if (fits == rest.size()) break;
            std::size_t cut = rest.rfind(' ', fits);
            if (cut == std::string::npos || cut == 0) cut = fits;
            lines.push_back(rest.substr(0, cut));
            rest.erase(0, rest[cut] == ' ' ? cut + 1 : cut);
        }
        lines.push_back(rest);
    }
    return lines;
}

std::string in_columns(const Cells& cells) {
    std::array<std::vector<std::string>, columns> wrapped;
    std::size_t height = 0;
    for (std::size_t i = 0; i < columns; ++i) {
        wrapped.at(i) = wrap(cells.at(i), widths.at(i));
        height = std::max(height, wrapped.at(i).size());
    }
    std::string text;
    for (std::size_t line = 0; line < height; ++line) {
        std::string shown;
        for (std::size_t i = 0; i < columns; ++i) {
            const auto& cell = wrapped.at(i);
            if (i > 0) shown += "  ";
            shown += padded(line < cell.size() ? cell.at(line) : "", widths.at(i));
        }
        shown.erase(shown.find_last_not_of(' ') + 1);
        text += shown + '\n';
    }
    return text;
}

std::string indented(const std::string& text) {
    std::string out;
    for (const std::string& line : wrap(text, std::string::npos))
        if (!line.empty()) out += "    " + line + '\n';
    return out;
}

}  // namespace

int Rehearsal::failed() const {
    return static_cast<int>(std::count_if(rows.begin(), rows.end(), [](const RehearsalRow& row) {
        return row.outcome == Outcome::failed;
    }));
}

std::string to_text(const Rehearsal& rehearsal) {
    std::string text = fmt::format("{} {} on {}, from {}\n\n", rehearsal.package, rehearsal.version,
                                   rehearsal.suite, fmt::join(rehearsal.from, ", "));
    text += in_columns({"act", "done", "expected", "seen", "verdict"});
    std::size_t width = 2 * (columns - 1);
    for (const std::size_t each : widths) width += each;
    text += std::string(width, '-') + '\n';
    for (const RehearsalRow& row : rehearsal.rows)
        text += in_columns({row.act, row.done, row.expected, row.seen, shown(row.outcome)});
    for (const RehearsalRow& row : rehearsal.rows) {
        if (row.outcome != Outcome::failed) continue;
        text += fmt::format("\n{} FAILED:\n{}", row.act, indented(row.seen));
        if (!row.evidence.empty()) text += "  evidence:\n" + indented(row.evidence);
        if (!row.look.empty()) text += "  look with: " + row.look + '\n';
    }
    const int failed = rehearsal.failed();
    text += fmt::format("\n{} rows, {}\n", rehearsal.rows.size(),
                        failed == 0 ? "none failed" : fmt::format("{} FAILED", failed));
    if (!rehearsal.kept.empty()) text += fmt::format("kept: {}\n", rehearsal.kept);
    return text;
}

std::string to_json_text(const std::vector<Rehearsal>& rehearsals) {
    return json_text({{"format", Rehearsal::format}, {"rehearsals", json_of(rehearsals)}});
}

}  // namespace dba
