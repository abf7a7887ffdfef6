#include "system/git/convert.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <vector>

#include "system/git/reference.hpp"

namespace dba::git {
namespace {

std::string_view value_of(const Attributes& attributes, std::string_view name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

// git's convert.c: counts over the bytes that decide whether a file is text.
struct Statistics {
    std::size_t lone_cr = 0, lone_lf = 0, crlf = 0, nul = 0, printable = 0, other = 0;

    explicit Statistics(std::string_view bytes) {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            const auto c = static_cast<unsigned char>(bytes[i]);
            if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') {
                ++crlf;
                ++i;
            } else if (c == '\r') {
                ++lone_cr;
            } else if (c == '\n') {
                ++lone_lf;
            } else if (c == 127) {
                ++other;
            } else if (c >= 32 || c == '\b' || c == '\t' || c == 27 || c == '\f') {
                ++printable;
            } else {
                if (c == 0) ++nul;
                ++other;
            }
        }
        // DOS's end of file mark.
        if (bytes.ends_with('\x1a')) --other;
    }
    [[nodiscard]] bool is_binary() const {
        return lone_cr > 0 || nul > 0 || (printable >> 7U) < other;
    }
};

enum class LineEnds { as_they_are, crlf, crlf_if_text };

LineEnds line_ends(const Attributes& attributes) {
    std::string_view text = value_of(attributes, "text");
    const auto understood = [](std::string_view value) {
        return value == "true" || value == "false" || value == "input" || value == "auto";
    };
    if (!understood(text)) text = value_of(attributes, "crlf");  // its older name
    if (text == "false" || value_of(attributes, "eol") != "crlf") return LineEnds::as_they_are;
    return text == "auto" ? LineEnds::crlf_if_text : LineEnds::crlf;
}

std::string with_crlf(std::string bytes, LineEnds ends) {
    if (ends == LineEnds::as_they_are) return bytes;
    const Statistics statistics(bytes);
    if (statistics.lone_lf == 0) return bytes;
    if (ends == LineEnds::crlf_if_text &&
        (statistics.lone_cr > 0 || statistics.crlf > 0 || statistics.is_binary()))
        return bytes;
    std::string converted;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) converted += '\r';
        converted += bytes[i];
    }
    return converted;
}

std::string with_ident(const std::string& bytes, const git_oid& blob) {
    std::string converted;
    std::size_t done = 0;
    for (std::size_t at = bytes.find("$Id"); at != std::string::npos;
         at = bytes.find("$Id", std::max(at + 3, done))) {
        std::size_t end = at + 3;
        if (end >= bytes.size()) break;
        if (bytes[end] == ':') {
            end = bytes.find_first_of("$\n", at + 4);
            if (end == std::string::npos || bytes[end] == '\n') continue;
            // "$Id: word word $" was not written by git, and stays.
            const auto blank = bytes.find(' ', at + 5);
            if (blank < end - 1) continue;
        } else if (bytes[end] != '$') {
            continue;
        }
        converted.append(bytes, done, at - done).append("$Id: " + hex(blob) + " $");
        done = end + 1;
    }
    return converted.append(bytes, done, std::string::npos);
}

std::string zone(int minutes, bool colon) {
    const int size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{}{:02}{}{:02}", minutes < 0 ? '-' : '+', size / 60, colon ? ":" : "",
                       size % 60);
}

// The letter after %a or %c.
std::optional<std::string> person(const git_signature& who, char what) {
    const std::time_t local = who.when.time + std::time_t{who.when.offset} * 60;
    const std::tm tm = fmt::gmtime(local);
    switch (what) {
        case 'n':
            return who.name;
        case 'e':
            return who.email;
        case 'l':
            return std::string(who.email).substr(0, std::string_view(who.email).find('@'));
        case 't':
            return std::to_string(who.when.time);
        case 's':
            return fmt::format("{:%Y-%m-%d}", tm);
        case 'i':
            return fmt::format("{:%Y-%m-%d %H:%M:%S} {}", tm, zone(who.when.offset, false));
        case 'I':
            return fmt::format("{:%Y-%m-%dT%H:%M:%S}{}", tm, zone(who.when.offset, true));
        case 'd':
            return fmt::format("{:%a %b} {} {:%H:%M:%S %Y} {}", tm, tm.tm_mday, tm,
                               zone(who.when.offset, false));
        case 'D':
            return fmt::format("{:%a}, {} {:%b %Y %H:%M:%S} {}", tm, tm.tm_mday, tm,
                               zone(who.when.offset, false));
        default:
            return std::nullopt;
    }
}

std::string short_id(git_repository* repository, const git_oid& id) {
    git_object* raw = nullptr;
    if (git_object_lookup(&raw, repository, &id, GIT_OBJECT_ANY) != 0)
        return hex(id).substr(0, 7);  // a parent beyond the end of a shallow clone
    const Object object(raw);
    Buffer text;
    return git_object_short_id(&text.raw, raw) == 0 ? text.text() : hex(id).substr(0, 7);
}

// "HEAD, tag: v1.0": as in a clone that has nothing checked out but this commit, since branches
// differ from clone to clone. git's order is the references' order backwards.
std::string decorations(git_repository* repository, git_commit* commit) {
    std::vector<std::string> names;
    each_reference(repository, "refs/tags/*", [&](git_reference* reference) {
        git_object* peeled = nullptr;
        if (git_reference_peel(&peeled, reference, GIT_OBJECT_COMMIT) != 0) return;
        const Object object(peeled);
        if (git_oid_equal(git_object_id(peeled), git_commit_id(commit)) != 0)
            names.emplace_back(git_reference_shorthand(reference));
    });
    std::sort(names.rbegin(), names.rend());
    std::string text = "HEAD";
    for (const std::string& name : names) text += ", tag: " + name;
    return text;
}

// "%(describe:tags=true,match=v*)"; nothing when no tag fits, as git has it.
std::optional<std::string> described(const std::string& options_text, git_commit* commit) {
    git_describe_options options = GIT_DESCRIBE_OPTIONS_INIT;
    git_describe_format_options format = GIT_DESCRIBE_FORMAT_OPTIONS_INIT;
    std::string pattern;
    for (std::size_t from = 0; from < options_text.size();) {
        const auto to = std::min(options_text.find(',', from), options_text.size());
        const std::string option = options_text.substr(from, to - from);
        from = to + 1;
        if (option == "tags" || option == "tags=true" || option == "tags=1") {
            options.describe_strategy = GIT_DESCRIBE_TAGS;
        } else if (option.starts_with("match=") && pattern.empty()) {
            pattern = option.substr(6);
            options.pattern = pattern.c_str();
        } else if (option.starts_with("abbrev=") && option.size() > 7 &&
                   option.find_first_not_of("0123456789", 7) == std::string::npos) {
            format.abbreviated_size = static_cast<unsigned>(std::stoul(option.substr(7)));
        } else {
            return std::nullopt;
        }
    }
    git_describe_result* raw = nullptr;
    if (git_describe_commit(&raw, reinterpret_cast<git_object*>(commit), &options) != 0) return "";
    const DescribeResult result(raw);
    Buffer text;
    return git_describe_format(&text.raw, raw, &format) == 0 ? text.text() : "";
}

// One placeholder at the start of `format` (after its %), which is shortened by it; nullopt when
// it does not follow from the commit.
std::optional<std::string> placeholder(std::string_view& format, git_repository* repository,
                                       git_commit* commit) {
    const auto take = [&](std::size_t count) { format.remove_prefix(count); };
    if (format.starts_with("(describe")) {
        const auto close = format.find(')');
        if (close == std::string_view::npos) return std::nullopt;
        std::string options(format.substr(9, close - 9));
        if (options.starts_with(':')) options.erase(0, 1);
        take(close + 1);
        return described(options, commit);
    }
    if (format.empty()) return std::nullopt;
    const char letter = format[0];
    if ((letter == 'a' || letter == 'c') && format.size() > 1) {
        auto text = person(
            letter == 'a' ? *git_commit_author(commit) : *git_commit_committer(commit), format[1]);
        take(2);
        return text;
    }
    take(1);
    std::string parents;
    switch (letter) {
        case '%':
            return "%";
        case 'n':
            return "\n";
        case 'H':
            return hex(*git_commit_id(commit));
        case 'h':
            return short_id(repository, *git_commit_id(commit));
        case 'T':
            return hex(*git_commit_tree_id(commit));
        case 't':
            return short_id(repository, *git_commit_tree_id(commit));
        case 'P':
        case 'p':
            for (unsigned i = 0; i < git_commit_parentcount(commit); ++i) {
                const git_oid& id = *git_commit_parent_id(commit, i);
                parents +=
                    (i == 0 ? "" : " ") + (letter == 'P' ? hex(id) : short_id(repository, id));
            }
            return parents;
        case 's': {
            const char* summary = git_commit_summary(commit);
            return summary == nullptr ? "" : summary;
        }
        case 'D':
            return decorations(repository, commit);
        case 'd':
            return " (" + decorations(repository, commit) + ")";
        default:
            return std::nullopt;
    }
}

// Whether the bytes ask for the names of the commit, before they are asked for anything else.
bool asks_for_names(std::string_view bytes) {
    for (auto at = bytes.find("$Format:"); at != std::string_view::npos;
         at = bytes.find("$Format:", at + 1)) {
        const auto format = bytes.substr(at, bytes.find('$', at + 1) - at);
        if (format.find("%d") != std::string_view::npos ||
            format.find("%D") != std::string_view::npos)
            return true;
    }
    return false;
}

Result<std::string> with_format(const std::string& bytes, git_repository* repository,
                                git_commit* commit, const std::string& name) {
    static constexpr std::string_view start = "$Format:";
    std::string converted;
    std::size_t done = 0;
    for (auto at = bytes.find(start); at != std::string::npos; at = bytes.find(start, done)) {
        const auto end = bytes.find('$', at + start.size());
        if (end == std::string::npos) break;
        converted.append(bytes, done, at - done);
        std::string_view format(bytes.data() + at + start.size(), end - at - start.size());
        while (!format.empty()) {
            const auto percent = std::min(format.find('%'), format.size());
            converted += format.substr(0, percent);
            format.remove_prefix(percent);
            if (format.empty()) break;
            const std::string shown(format.substr(0, 12));
            format.remove_prefix(1);
            const auto text = placeholder(format, repository, commit);
            if (!text)
                return bad_input(name,
                                 "has export-subst, and the placeholder " + shown +
                                     " does not follow from a commit",
                                 "use %H, %h, %ci, %cI, %D, %(describe) or the like");
            converted += *text;
        }
        done = end + 1;
    }
    return converted.append(bytes, done, std::string::npos);
}

}  // namespace

Result<std::string> convert(std::string bytes, const Attributes& attributes, const git_oid& blob,
                            const std::string& name) {
    if (attributes.empty()) return bytes;
    const std::string_view encoding = value_of(attributes, "working-tree-encoding");
    if (!encoding.empty() && encoding != "true" && encoding != "false" && encoding != "UTF-8" &&
        encoding != "utf-8")
        return bad_input(name,
                         "has the attribute working-tree-encoding=" + std::string(encoding) +
                             ", and files are not re-encoded here",
                         "keep the file in the encoding that the application reads");
    if (value_of(attributes, "ident") == "true") bytes = with_ident(bytes, blob);
    return with_crlf(std::move(bytes), line_ends(attributes));
}

Result<std::string> substitute(const std::string& bytes, const Attributes& attributes,
                               git_repository* repository, git_commit* commit, bool names,
                               const std::string& name) {
    if (value_of(attributes, "export-subst") != "true" || (!names && asks_for_names(bytes)))
        return bytes;
    return with_format(bytes, repository, commit, name);
}

}  // namespace dba::git
