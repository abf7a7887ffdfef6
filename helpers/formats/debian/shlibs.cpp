#include "formats/debian/shlibs.hpp"

#include <fmt/format.h>

#include "formats/text/text.hpp"

namespace dba {
namespace {

struct SonameParts {
    std::string_view library, version;
};

// Policy 8.6.4.1: "libfoo.so.1.2" is libfoo 1.2, "libfoo-1.2.so" is libfoo 1.2 too.
SonameParts split_soname(std::string_view soname) {
    const auto so = soname.find(".so.");
    if (so != std::string_view::npos) return {soname.substr(0, so), soname.substr(so + 4)};
    if (soname.ends_with(".so")) {
        soname.remove_suffix(3);
        const auto hyphen = soname.rfind('-');
        if (hyphen != std::string_view::npos && hyphen + 1 < soname.size() &&
            text::is_digit(soname[hyphen + 1]))
            return {soname.substr(0, hyphen), soname.substr(hyphen + 1)};
    }
    return {};
}

// Takes one word off the front of `rest`, and the blanks behind it.
std::string_view take_word(std::string_view& rest) {
    rest = text::trim(rest);
    const auto word = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(word.size());
    rest = text::trim(rest);
    return word;
}

}  // namespace

Result<std::vector<ShlibsEntry>> parse_shlibs(std::string_view bytes, std::string_view file_name) {
    std::vector<ShlibsEntry> entries;
    text::Lines lines(bytes);
    std::string_view line;
    while (lines.next(line)) {
        auto rest = text::trim(line);
        if (rest.empty() || rest.starts_with('#')) continue;
        ShlibsEntry entry;
        auto word = take_word(rest);
        if (word.ends_with(':')) {
            entry.type = word.substr(0, word.size() - 1);
            word = take_word(rest);
        }
        entry.library = word;
        entry.version = take_word(rest);
        entry.dependency = rest;
        if (entry.library.empty() || entry.version.empty())
            return bad_input(std::string(file_name),
                             fmt::format("line {}: {} names no library and version", lines.number(),
                                         text::quote(text::trim(line))),
                             "shlibs lines are [TYPE:] LIBRARY VERSION DEPENDENCIES (Debian "
                             "Policy 8.6.4)");
        entries.push_back(std::move(entry));
    }
    return entries;
}

const ShlibsEntry* find_shlibs(const std::vector<ShlibsEntry>& entries, std::string_view soname) {
    const auto parts = split_soname(soname);
    if (parts.library.empty()) return nullptr;
    for (const auto& entry : entries)
        if (entry.type.empty() && entry.library == parts.library && entry.version == parts.version)
            return &entry;
    return nullptr;
}

}  // namespace dba
