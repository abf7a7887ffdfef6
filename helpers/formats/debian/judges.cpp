#include "formats/debian/judges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/text/text.hpp"

namespace dba {

namespace {

// "12m3.4s LEVEL: TEXT", an entry's first line.
struct EntryStart {
    double seconds = 0;
    std::string_view rest;  // "LEVEL: TEXT"
};

std::optional<EntryStart> entry_start(std::string_view line) {
    std::size_t at = 0;
    const auto number = [&](std::string_view sign) -> std::optional<double> {
        const std::size_t start = at;
        double value = 0;
        for (; at < line.size() && text::is_digit(line[at]) && at < start + 9; ++at)
            value = value * 10 + (line[at] - '0');
        if (at == start || !line.substr(at).starts_with(sign)) return std::nullopt;
        at += sign.size();
        return value;
    };
    const auto minutes = number("m");
    if (!minutes) return std::nullopt;
    const auto seconds = number(".");
    if (!seconds) return std::nullopt;
    const auto tenths = number("s ");
    if (!tenths) return std::nullopt;
    return EntryStart{*minutes * 60 + *seconds + *tenths / 10, line.substr(at)};
}

void take_entry(const std::string& entry, double seconds, PiupartsReport& report) {
    const std::size_t colon = entry.find(": ");
    if (colon == std::string::npos) return;
    const std::string level = entry.substr(0, colon);
    const std::string said = entry.substr(colon + 2);
    const auto after = [&](std::string_view start) { return said.substr(start.size()); };
    if (level == "INFO" && said.starts_with("piuparts version ")) {
        report.started = true;
    } else if (level == "INFO" && said.starts_with("PASS: ")) {
        report.passed.push_back({after("PASS: "), seconds});
    } else if (level == "INFO" && said.starts_with("Warning: ")) {
        report.warnings.push_back(after("Warning: "));
    } else if (level == "INFO" && said.starts_with("Can't test upgrade")) {
        report.knew_older = false;
    } else if (level == "ERROR" && said.starts_with("WARN: ")) {
        report.warnings.push_back(after("WARN: "));
    } else if (level == "ERROR" && said != "piuparts run ends.") {
        report.errors.push_back(said);
    }
}

// The words of "['chroot', '/tmp/x', 'apt-get', 'update']", without the chroot's.
std::string command_in(std::string_view list) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at < list.size() && list[at] != ']';) {
        const char quote = list[at];
        if (quote != '\'' && quote != '"') {
            ++at;
            continue;
        }
        const std::size_t end = std::min(list.find(quote, at + 1), list.size());
        words.emplace_back(list.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    if (words.size() > 2 && words.front() == "chroot")
        words.erase(words.begin(), words.begin() + 2);
    return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace

LintianReport parse_lintian(std::string_view out) {
    LintianReport report;
    text::Lines lines(out);
    for (std::string_view line; lines.next(line);) {
        if (line.size() < 4 || line.substr(1, 2) != ": ") continue;
        const std::size_t colon = line.find(": ", 3);
        if (colon == std::string_view::npos) continue;
        std::string tag(line.substr(colon + 2));
        switch (line.front()) {
            case 'E':
                report.errors.push_back(std::move(tag));
                break;
            case 'W':
                report.warnings.push_back(std::move(tag));
                break;
            case 'I':
            case 'P':
            case 'X':
            case 'C':
                report.hints.push_back(std::move(tag));
                break;
            case 'O':
            case 'M':
                ++report.overridden;
                break;
            default:
                break;
        }
    }
    return report;
}

std::vector<std::string> tag_names(const std::vector<std::string>& tags) {
    std::vector<std::string> names;
    for (const std::string& tag : tags) {
        std::string name = tag.substr(0, tag.find(' '));
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    }
    return names;
}

PiupartsReport parse_piuparts(std::string_view log) {
    PiupartsReport report;
    std::string entry;
    double seconds = 0;
    text::Lines lines(log);
    for (std::string_view line; lines.next(line);) {
        const auto start = entry_start(line);
        if (!start) {
            entry += "\n" + std::string(line);
            continue;
        }
        take_entry(entry, seconds, report);
        entry = start->rest;
        seconds = start->seconds;
    }
    take_entry(entry, seconds, report);
    return report;
}

std::vector<std::string> faults(const std::string& error) {
    std::vector<std::string> lines;
    for (const std::string_view line : text::split(error, '\n'))
        if (!text::trim(line).empty()) lines.emplace_back(text::trim(line));
    if (lines.empty()) return {};
    std::string heading = lines.front();
    if (heading.starts_with("FAIL: ")) heading.erase(0, std::string_view("FAIL: ").size());
    if (heading.starts_with("Command failed (status=")) {
        const std::size_t start = heading.find('=') + 1;
        const std::size_t end = heading.find(')', start);
        const std::size_t list = heading.find('[', end);
        if (end != std::string::npos && list != std::string::npos)
            return {fmt::format("{} failed (status {})", command_in(heading.substr(list)),
                                heading.substr(start, end - start))};
    }
    if (!heading.ends_with(':') || lines.size() == 1) return {heading};
    std::vector<std::string> out;
    for (auto line = lines.begin() + 1; line != lines.end(); ++line)
        out.push_back(heading + " " + line->substr(0, line->find('\t')));
    return out;
}

}  // namespace dba
