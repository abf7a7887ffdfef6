#include "formats/debian/symbols.hpp"

#include <cxxabi.h>
#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "formats/debian/version.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

std::string_view next_word(std::string_view& rest) {
    const auto word = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(word.size());
    rest = text::trim(rest);
    return word;
}

class SymbolsParser {
 public:
    SymbolsParser(std::string_view bytes, std::string_view file_name)
        : lines_(bytes), file_name_(file_name) {}

    Result<SymbolsFile> parse() {
        std::string_view line;
        while (lines_.next(line)) {
            const auto content = text::trim(line);
            if (content.empty()) continue;
            if (line.starts_with("#include"))
                return fail("#include is not followed here",
                            "give the installed file, which dpkg-gensymbols expanded");
            if (content.starts_with('#')) continue;  // comments, and #MISSING: symbols
            if (line[0] == '|')
                TRY(alternative(text::trim(content.substr(1))));
            else if (line[0] == '*')
                TRY(field(text::trim(content.substr(1))));
            else if (text::is_blank(line[0]))
                TRY(symbol(content));
            else
                TRY(library(content));
        }
        return std::move(file_);
    }

 private:
    Failure fail(std::string_view cause, std::string hint) const {
        return bad_input(std::string(file_name_),
                         fmt::format("line {}: {}", lines_.number(), cause), std::move(hint));
    }

    // The library that the line belongs to, nullptr before the first.
    SymbolsLibrary* current() {
        return file_.libraries.empty() ? nullptr : &file_.libraries.back();
    }

    Result<void> library(std::string_view content) {
        SymbolsLibrary library;
        auto rest = content;
        library.soname = next_word(rest);
        if (rest.empty())
            return fail(fmt::format("the library {} has no dependency", library.soname),
                        "a library's line is SONAME DEPENDENCY, as in libfoo.so.1 libfoo1 "
                        "#MINVER#");
        library.dependencies.emplace_back(rest);
        file_.libraries.push_back(std::move(library));
        return {};
    }

    Result<void> alternative(std::string_view dependency) {
        if (current() == nullptr || dependency.empty())
            return fail("an alternative dependency of no library", library_first);
        current()->dependencies.emplace_back(dependency);
        return {};
    }

    Result<void> field(std::string_view content) {
        const auto colon = content.find(':');
        if (current() == nullptr || colon == std::string_view::npos)
            return fail(fmt::format("{} is no field of a library", text::quote(content)),
                        library_first);
        current()->fields[std::string(text::trim(content.substr(0, colon)))] =
            text::trim(content.substr(colon + 1));
        return {};
    }

    // [(tag|tag=value...)]name minimal-version [dependency-number]; the name in quotes when it has
    // spaces (deb-src-symbols(5)).
    Result<void> symbol(std::string_view content) {
        if (current() == nullptr) return fail("a symbol of no library", library_first);
        SymbolEntry entry;
        auto rest = content;
        if (rest.starts_with('(')) {
            const auto close = tags_end(rest);
            if (!close) return fail("the tags' '(' has no ')'", "tags are written (tag|tag=value)");
            for (const auto tag : text::split(rest.substr(1, *close - 1), '|')) {
                const auto equals = tag.find('=');
                entry.tags[std::string(text::trim(tag.substr(0, equals)))] =
                    equals == std::string_view::npos ? "" : tag.substr(equals + 1);
            }
            rest.remove_prefix(*close + 1);
        }
        if (rest.starts_with('"') || rest.starts_with('\'')) {
            const auto close = rest.find(rest[0], 1);
            if (close == std::string_view::npos)
                return fail("a quote is never closed", "quote the whole name");
            entry.name = rest.substr(1, close - 1);
            rest = text::trim(rest.substr(close + 1));
        } else {
            entry.name = next_word(rest);
        }
        entry.min_version = next_word(rest);
        if (entry.name.empty() || entry.min_version.empty())
            return fail(fmt::format("{} has no version", text::quote(content)),
                        "a symbol's line is NAME@VERSION MINIMAL-VERSION");
        if (!rest.empty()) TRY(dependency_number(next_word(rest), entry));
        current()->symbols.push_back(std::move(entry));
        return {};
    }

    Result<void> dependency_number(std::string_view number, SymbolEntry& entry) {
        const auto& dependencies = current()->dependencies;
        std::size_t value = 0;
        for (const char c : number) {
            if (!text::is_digit(c) || value > dependencies.size())
                return fail(fmt::format("{} is no dependency's number", text::quote(number)),
                            number_hint);
            value = value * 10 + static_cast<std::size_t>(c - '0');
        }
        if (value >= dependencies.size())
            return fail(fmt::format("{} has {} dependencies, none numbered {}", current()->soname,
                                    dependencies.size(), number),
                        number_hint);
        entry.dependency = value;
        return {};
    }

    // The tags' closing parenthesis; a tag's value may be quoted and hold one.
    static std::optional<std::size_t> tags_end(std::string_view text) {
        char quote = '\0';
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (quote != '\0') {
                if (c == quote) quote = '\0';
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == ')') {
                return i;
            }
        }
        return std::nullopt;
    }

    static constexpr const char* library_first = "a line SONAME DEPENDENCY comes first";
    static constexpr const char* number_hint =
        "0 is the library's own dependency, 1 its first \"| \" line";

    text::Lines lines_;
    std::string_view file_name_;
    SymbolsFile file_;
};

struct SymbolName {
    std::string_view name, version;  // version without "@"
};
SymbolName split_name(std::string_view symbol) {
    const auto at = symbol.rfind('@');
    if (at == std::string_view::npos) return {symbol, "Base"};
    return {symbol.substr(0, at), symbol.substr(at + 1)};
}

struct FreeMemory {
    void operator()(char* memory) const { std::free(memory); }
};

std::string demangled(std::string_view name) {
    int status = 0;
    const std::string text(name);
    const std::unique_ptr<char, FreeMemory> plain(
        abi::__cxa_demangle(text.c_str(), nullptr, nullptr, &status));
    return status == 0 && plain != nullptr ? plain.get() : text;
}

// POSIX's extended expressions stand in for Perl's: the symbols files of the archive use nothing
// else, and std::regex recurses without bound.
bool regex_matches(const std::string& expression, const std::string& text) {
    regex_t compiled;
    if (regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
    const bool matched = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
    regfree(&compiled);
    return matched;
}

// `used` is spelled name@VERSION. deb-src-symbols(5), "Using symbol patterns": a symver pattern
// compares the version, a c++ pattern the demangled name, a regex pattern either.
bool pattern_matches(const SymbolEntry& entry, std::string_view used) {
    const auto [name, version] = split_name(used);
    if (entry.tags.contains("symver")) return version == entry.name;
    if (entry.name.starts_with("*@")) return version == std::string_view(entry.name).substr(2);
    const std::string subject = entry.tags.contains("c++")
                                    ? fmt::format("{}@{}", demangled(name), version)
                                    : std::string(used);
    return entry.tags.contains("regex") ? regex_matches(entry.name, subject)
                                        : entry.name == subject;
}

// The relations of one dependency template, each with the strongest version asked of it.
class Requirements {
 public:
    void require(std::string_view dependency, const std::string& version) {
        for (const auto part : text::split(dependency, ',')) {
            const auto relation = text::trim(part);
            if (relation.empty()) continue;
            const auto known =
                std::find_if(required_.begin(), required_.end(),
                             [&](const auto& entry) { return entry.first == relation; });
            if (known == required_.end())
                required_.emplace_back(relation, version);
            else if (compare_debian_versions(known->second, version) < 0)
                known->second = version;
        }
    }

    // Symbols files ask for no version at all by writing 0: a relation without one.
    [[nodiscard]] std::string text() const {
        static constexpr std::string_view placeholder = "#MINVER#";
        std::string text;
        for (const auto& [dependency, version] : required_) {
            if (!text.empty()) text += ", ";
            const auto at = dependency.find(placeholder);
            if (at == std::string::npos) {
                text += dependency;
                continue;
            }
            const bool any = compare_debian_versions(version, "0") <= 0;
            auto relation = dependency;
            relation.replace(at, placeholder.size(), any ? "" : fmt::format("(>= {})", version));
            text += text::trim(relation);
        }
        return text;
    }

 private:
    std::vector<std::pair<std::string, std::string>> required_;
};

// The smallest version that any symbol of the main dependency asks for, "" without symbols.
std::string smallest_version(const SymbolsLibrary& library) {
    const SymbolEntry* smallest = nullptr;
    for (const auto& symbol : library.symbols) {
        if (symbol.dependency != 0) continue;
        if (smallest == nullptr ||
            compare_debian_versions(symbol.min_version, smallest->min_version) < 0)
            smallest = &symbol;
    }
    return smallest == nullptr ? "" : smallest->min_version;
}

}  // namespace

bool SymbolEntry::is_pattern() const {
    return tags.contains("symver") || tags.contains("regex") || tags.contains("c++") ||
           name.starts_with("*@");
}

const SymbolsLibrary* SymbolsFile::find(std::string_view soname) const {
    for (const auto& library : libraries)
        if (library.soname == soname) return &library;
    return nullptr;
}

Result<SymbolsFile> parse_symbols(std::string_view bytes, std::string_view file_name) {
    return SymbolsParser(bytes, file_name).parse();
}

std::string symbols_dependency(const SymbolsFile& file, std::string_view soname,
                               const std::vector<std::string>& used_symbols) {
    const auto* library = file.find(soname);
    if (library == nullptr) return {};
    std::map<std::string_view, const SymbolEntry*> plain;
    std::vector<const SymbolEntry*> patterns;
    for (const auto& symbol : library->symbols) {
        if (symbol.is_pattern())
            patterns.push_back(&symbol);
        else
            plain.emplace(symbol.name, &symbol);
    }
    Requirements requirements;
    requirements.require(library->dependencies[0], smallest_version(*library));
    for (const auto& used : used_symbols) {
        const std::string name =
            used.find('@') == std::string::npos ? used + "@Base" : std::string(used);
        const SymbolEntry* found = nullptr;
        if (const auto exact = plain.find(name); exact != plain.end()) {
            found = exact->second;
        } else {
            const auto match =
                std::find_if(patterns.begin(), patterns.end(),
                             [&](const auto* entry) { return pattern_matches(*entry, name); });
            if (match != patterns.end()) found = *match;
        }
        if (found != nullptr)
            requirements.require(library->dependencies[found->dependency], found->min_version);
    }
    return requirements.text();
}

}  // namespace dba
