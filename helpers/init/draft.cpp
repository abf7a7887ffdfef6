#include "init/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba::init {
namespace {

constexpr std::size_t widest = 98;

bool is_plain(const std::string& word) {
    return !word.empty() && text::all_of(word, [](char c) {
        return text::is_alnum(c) ||
               std::string_view("_./:=@%+,-~*!?^").find(c) != std::string_view::npos;
    });
}

// Lines of at most so many columns, each behind `indent`.
std::string wrapped(const std::string& words, const std::string& indent) {
    std::string all, line = indent;
    for (const auto word : text::words(words)) {
        if (line.size() > indent.size() && line.size() + 1 + word.size() > widest) {
            all += line + "\n";
            line = indent;
        }
        if (line.size() > indent.size()) line += ' ';
        line += word;
    }
    return all + line + "\n";
}

std::string entry_text(const Entry& entry) {
    const std::string indent = entry.nested ? "    " : "  ";
    std::string all;
    if (!entry.why.empty()) all += wrapped(entry.why, indent + "# ");
    return all + indent + (entry.off ? "# " : "") + entry.words + "\n";
}

std::string call_text(const Draft& draft) {
    std::string all = "\n";
    for (const std::string& line : draft.before) all += line + "\n";
    all += fmt::format("add_venv_deb({}\n", draft.name);
    for (const Entry& entry : draft.entries) all += entry_text(entry);
    return all + ")\n";
}

}  // namespace

std::string cmake_word(const std::string& word) {
    if (is_plain(word)) return word;
    std::string quoted = "\"";
    for (const char c : word) {
        if (c == '"' || c == '\\' || c == '$') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string cmake_words(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : " ") + cmake_word(word);
    return all;
}

std::string command_words(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words) {
        const bool keyword = word == "--args" || (!word.empty() && text::all_of(word, [](char c) {
                                 return text::is_upper(c) || c == '_';
                             }));
        all +=
            (all.empty() ? "" : " ") + std::string(keyword ? "--args 1 " : "") + cmake_word(word);
    }
    return all;
}

std::string cmakelists_text(const std::string& project, const std::vector<Draft>& drafts) {
    std::string all =
        "# Written by `deb-build-app init`. A comment above a line says why it stands there: "
        "these\n"
        "# are guesses. Lines behind a # are to be looked at, and then written or removed.\n"
        "cmake_minimum_required(VERSION 3.22)\n" +
        fmt::format("project({} LANGUAGES NONE)\n", project) +
        "find_package(DebVenvApp REQUIRED)\n";
    for (const Draft& draft : drafts) all += call_text(draft);
    return all;
}

std::string summary_text(const std::vector<Draft>& drafts) {
    std::string all;
    for (const Draft& draft : drafts) {
        all += fmt::format("package {}\n", draft.name);
        std::string group;
        for (const Entry& entry : draft.entries) {
            if (!entry.nested) group = entry.words;
            if (entry.why.empty() || entry.off) continue;
            const bool inside = entry.nested && group.starts_with("SERVICE");
            all += fmt::format("  guessed: {}{}: {}\n", inside ? group + " " : "", entry.words,
                               entry.why);
        }
        for (const std::string& sentence : draft.unknown)
            all += fmt::format("  not known: {}\n", sentence);
    }
    return all;
}

}  // namespace dba::init
