#include "steps/lock/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/text/text.hpp"
#include "steps/lock/sources.hpp"
#include "system/process/process.hpp"

namespace dba::steps {
namespace {

struct LogicalLine {
    std::string text;  // continued lines joined, comment and outer spaces removed
    int number = 0;    // of its first line, from 1
};

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\f\v");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\f\v") - first + 1));
}

// A comment starts at a '#' that begins the line or follows a space ("url#egg=x" has none).
std::string_view without_comment(std::string_view line) {
    for (std::size_t i = line.find('#'); i != std::string_view::npos; i = line.find('#', i + 1)) {
        if (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t') return line.substr(0, i);
    }
    return line;
}

std::vector<LogicalLine> logical_lines(std::string_view text) {
    std::vector<LogicalLine> lines;
    LogicalLine current;
    int number = 0;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (current.number == 0) current.number = number;
        line = without_comment(line);
        const bool continued = line.ends_with('\\');
        if (continued) line.remove_suffix(1);
        current.text += line;
        if (continued && !text.empty()) {
            current.text += ' ';
            continue;
        }
        current.text = trimmed(current.text);
        if (!current.text.empty()) lines.push_back(current);
        current = {};
    }
    return lines;
}

// "-r file", "-rfile", "--requirement=file", "--requirement file": its value, else nothing.
std::string option_value(const std::string& line, std::string_view brief, std::string_view full) {
    if (line.starts_with(full)) {
        const std::string rest = line.substr(full.size());
        if (rest.starts_with('=') || rest.starts_with(' ') || rest.starts_with('\t'))
            return trimmed(rest.substr(1));
        return {};
    }
    if (!line.starts_with("--") && line.starts_with(brief))
        return trimmed(line.substr(brief.size()));
    return {};
}

bool is_editable(const std::string& line) {
    return !option_value(line, "-e", "--editable").empty();
}

Failure refuse_editable(const std::string& file, const LogicalLine& line) {
    return bad_input(fmt::format("{}:{}", file, line.number),
                     fmt::format("an editable requirement ({}) cannot be packaged", line.text),
                     "name a released version of it, or a wheel");
}

std::vector<std::string> take_hashes(std::string& line) {
    static const std::string option = "--hash";
    std::vector<std::string> hashes;
    for (std::size_t at = line.find(option); at != std::string::npos; at = line.find(option, at)) {
        std::size_t start = at + option.size();
        while (start < line.size() && (line[start] == '=' || line[start] == ' ')) ++start;
        const std::size_t end = std::min(line.find_first_of(" \t", start), line.size());
        hashes.push_back(line.substr(start, end - start));
        line.erase(at, end - at);
    }
    line = trimmed(line);
    return hashes;
}

bool is_sha256(const std::string& hash) {
    static const std::string algorithm = "sha256:";
    return hash.size() == algorithm.size() + 64 && hash.starts_with(algorithm) &&
           text::all_of(std::string_view(hash).substr(algorithm.size()), text::is_hex);
}

// "git+https://host/x@0123...abcd#subdirectory=y": what follows the last @ is an object id.
bool names_commit(const std::string& url) {
    const std::string head = url.substr(0, url.find('#'));
    const std::string commit = head.substr(head.rfind('@') + 1);
    return commit.size() == 40 && text::all_of(commit, text::is_hex);
}

Result<LockedRequirement> parse_locked(const LogicalLine& line, const std::string& file_name) {
    const std::string where = fmt::format("{}:{}", file_name, line.number);
    LockedRequirement requirement;
    requirement.line = line.number;
    requirement.text = line.text;
    requirement.hashes = take_hashes(requirement.text);
    const std::string& text = requirement.text;
    const std::size_t name_end =
        std::find_if(
            text.begin(), text.end(),
            [](char c) { return !dba::text::is_alnum(c) && c != '-' && c != '_' && c != '.'; }) -
        text.begin();
    requirement.name = text.substr(0, name_end);
    const std::string head = text.substr(0, text.find(';'));
    const std::size_t pin = head.find("==");
    const bool url = head.find(" @ ") != std::string::npos;
    if (requirement.name.empty() || (pin == std::string::npos && !url))
        return bad_input(where, fmt::format("{} is not pinned to one version", text),
                         "write NAME==VERSION, or let the build make the lock from REQUIREMENTS");
    if (pin != std::string::npos && !url)
        requirement.version = trimmed(head.substr(head.find_first_not_of('=', pin)));
    if (url) {
        requirement.url = trimmed(head.substr(head.find(" @ ") + 3));
        if (requirement.hashes.empty() && is_source(requirement.url)) {
            if (requirement.url.starts_with("git+") && !names_commit(requirement.url))
                return bad_input(
                    where,
                    fmt::format("{} is not pinned to a commit", redact_urls(requirement.text)),
                    "write the commit's 40 hex digits behind the @");
            return requirement;
        }
    }
    if (requirement.hashes.empty())
        return bad_input(where, fmt::format("{} has no --hash=sha256:...", text),
                         "every line of a LOCK needs one: `uv pip compile --generate-hashes` or "
                         "`pip-compile --generate-hashes` writes them");
    for (const auto& hash : requirement.hashes) {
        if (!is_sha256(hash))
            return bad_input(where, fmt::format("{} is no sha256 of 64 hex digits", hash));
    }
    return requirement;
}

// What a line names that has no "name @": its URL or absolute path, with [extras] and marker split
// off into `requirement`.
std::string url_alone(std::string text, const fs::path& directory, Requirement& requirement) {
    if (const auto marker = text.find(" ;"); marker != std::string::npos) {
        requirement.marker = trimmed(text.substr(marker + 2));
        text = trimmed(text.substr(0, marker));
    }
    const auto extras = text.rfind('[');
    if (text.ends_with(']') && extras != std::string::npos) {
        std::string list = text.substr(extras + 1, text.size() - extras - 2);
        std::replace(list.begin(), list.end(), ',', ' ');
        for (const auto word : text::words(list)) requirement.extras.emplace_back(word);
        text.resize(extras);
    }
    if (text.find("://") != std::string::npos) return text;
    return (directory / text).lexically_normal().string();
}

bool is_path_or_url(const std::string& text, const fs::path& directory) {
    const std::string word = text.substr(0, text.find_first_of(" ;"));
    if (word.find("://") != std::string::npos || word.starts_with('.') || word.starts_with('/'))
        return true;
    return word.find('/') != std::string::npos ||
           ((word.ends_with(".whl") || word.ends_with(".tar.gz") || word.ends_with(".zip")) &&
            path_exists(directory / word));
}

Result<RequirementLine> requirement_line(const LogicalLine& logical, const fs::path& file) {
    RequirementLine line;
    line.text = logical.text;
    // "git+ssh://git@host" names a user, and no secret.
    if (logical.text.find("ssh://") == std::string::npos &&
        redact_urls(logical.text) != logical.text)
        return bad_input(fmt::format("{}:{}", file.string(), logical.number),
                         fmt::format("holds credentials ({})", redact_urls(logical.text)),
                         "leave them out: they come from ~/.netrc");
    line.option = logical.text.starts_with('-');
    if (line.option) return line;
    std::string text = logical.text;
    line.hashes = take_hashes(text);
    const bool named = text.find(" @ ") != std::string::npos;
    if (!named && is_path_or_url(text, file.parent_path())) {
        line.url = url_alone(text, file.parent_path(), line.requirement);
        if (text.find("://") == std::string::npos && !is_source(line.url)) {
            line.text = line.url;
            if (!line.requirement.marker.empty()) line.text += " ; " + line.requirement.marker;
            for (const auto& hash : line.hashes) line.text += " --hash=" + hash;
        }
        return line;
    }
    TRY_ASSIGN(line.requirement,
               parse_requirement(text, fmt::format("{}:{}", file.string(), logical.number)));
    line.url = line.requirement.url;
    if (!line.url.empty() && line.url.find("://") == std::string::npos)
        line.url = (file.parent_path() / line.url).lexically_normal().string();
    return line;
}

Result<void> flatten(const fs::path& file, std::set<fs::path>& seen,
                     std::vector<RequirementLine>& lines) {
    if (!seen.insert(file).second) return {};
    TRY_ASSIGN(const std::string text, read_file(file));
    const auto is_local = [](const std::string& included) {
        return !included.empty() && included.find("://") == std::string::npos;
    };
    for (const auto& logical : logical_lines(text)) {
        const std::string included = option_value(logical.text, "-r", "--requirement");
        if (is_local(included)) {
            TRY(flatten((file.parent_path() / included).lexically_normal(), seen, lines));
            continue;
        }
        TRY_ASSIGN(auto line, requirement_line(logical, file));
        const std::string constraint = option_value(logical.text, "-c", "--constraint");
        if (is_local(constraint))
            line.text = "-c " + (file.parent_path() / constraint).lexically_normal().string();
        lines.push_back(std::move(line));
    }
    return {};
}

bool is_skipped_option(const std::string& line) {
    return line.starts_with('-');
}

}  // namespace

Result<std::vector<LockedRequirement>> parse_lock(std::string_view text,
                                                  const std::string& file_name) {
    std::vector<LockedRequirement> requirements;
    for (const auto& line : logical_lines(text)) {
        if (is_editable(line.text)) return refuse_editable(file_name, line);
        if (!option_value(line.text, "-r", "--requirement").empty() ||
            !option_value(line.text, "-c", "--constraint").empty())
            return bad_input(fmt::format("{}:{}", file_name, line.number),
                             fmt::format("a lock includes no other file ({})", line.text));
        if (is_skipped_option(line.text)) continue;
        TRY_ASSIGN(auto requirement, parse_locked(line, file_name));
        requirements.push_back(std::move(requirement));
    }
    return requirements;
}

Result<std::vector<RequirementLine>> flattened_requirements(const fs::path& file) {
    std::vector<RequirementLine> lines;
    std::set<fs::path> seen;
    TRY(flatten(file.lexically_normal(), seen, lines));
    return lines;
}

Result<std::vector<fs::path>> requirement_files(const fs::path& file) {
    std::vector<fs::path> files{file.lexically_normal()};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const fs::path current = files[i];
        TRY_ASSIGN(const std::string text, read_file(current));
        for (const auto& line : logical_lines(text)) {
            if (is_editable(line.text)) return refuse_editable(current.string(), line);
            std::string included = option_value(line.text, "-r", "--requirement");
            if (included.empty()) included = option_value(line.text, "-c", "--constraint");
            if (included.empty() || included.find("://") != std::string::npos) continue;
            const fs::path path = (current.parent_path() / included).lexically_normal();
            if (!file_exists(path))
                return bad_input(fmt::format("{}:{}", current.string(), line.number),
                                 fmt::format("includes {}, which is not there", path.string()));
            if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
        }
    }
    return files;
}

}  // namespace dba::steps
