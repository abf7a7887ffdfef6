#include "formats/python/setup_facts.hpp"

#include <algorithm>
#include <optional>

#include "formats/python/tokens.hpp"
#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

struct Literals {
    std::vector<std::string> strings;
    bool whole = true;  // nothing but literals
};

class SetupText {
 public:
    explicit SetupText(std::string_view text) {
        PythonTokens tokens(text);
        for (auto token = tokens.next(); token.kind != PythonToken::end; token = tokens.next())
            tokens_.push_back(std::move(token));
    }

    // Where the value of `name = ...` or `"name": ...` begins, the first of them.
    [[nodiscard]] std::optional<std::size_t> value_of(std::string_view name) const {
        for (std::size_t i = 0; i + 2 < tokens_.size(); ++i) {
            if (tokens_[i].text != name) continue;
            const bool keyword = tokens_[i].kind == PythonToken::name && is(i + 1, "=");
            const bool item = tokens_[i].kind == PythonToken::string && is(i + 1, ":");
            if ((keyword || item) && !is(i + 2, "=")) return i + 2;
        }
        return std::nullopt;
    }

    // The strings of a list or tuple, of a name that is bound to one, or the one string.
    [[nodiscard]] Literals list_at(std::size_t at, int depth = 0) const {
        Literals found;
        if (at >= tokens_.size()) return {{}, false};
        if (tokens_[at].kind == PythonToken::string) return {{joined(at)}, true};
        if (tokens_[at].kind == PythonToken::name) {
            const bool alone = at + 1 >= tokens_.size() || tokens_[at + 1].line_start ||
                               is(at + 1, ",") || is(at + 1, ")") || is(at + 1, "}");
            const auto bound = alone && depth == 0 ? assigned(tokens_[at].text) : std::nullopt;
            return bound ? list_at(*bound, 1) : Literals{{}, false};
        }
        if (!is(at, "[") && !is(at, "(")) return {{}, false};
        int open = 0;
        for (; at < tokens_.size(); ++at) {
            const auto& token = tokens_[at];
            if (is(at, "[") || is(at, "(")) ++open;
            if ((is(at, "]") || is(at, ")")) && --open == 0) {
                // `[...] + others`
                found.whole = found.whole && !is(at + 1, "+");
                return found;
            }
            if (token.kind == PythonToken::name) found.whole = false;
            if (token.kind == PythonToken::string) {
                found.strings.push_back(joined(at));
                while (at + 1 < tokens_.size() && tokens_[at + 1].kind == PythonToken::string) ++at;
            }
        }
        return {found.strings, false};
    }

    // The lists of a dict, by their keys.
    [[nodiscard]] std::map<std::string, std::vector<std::string>> lists_at(std::size_t at) const {
        std::map<std::string, std::vector<std::string>> found;
        if (at < tokens_.size() && tokens_[at].kind == PythonToken::name) {
            const auto bound = assigned(tokens_[at].text);
            if (!bound) return found;
            at = *bound;
        }
        if (!is(at, "{")) return found;
        int open = 0;
        for (; at + 2 < tokens_.size(); ++at) {
            if (is(at, "{") || is(at, "[") || is(at, "(")) ++open;
            if ((is(at, "}") || is(at, "]") || is(at, ")")) && --open == 0) break;
            if (open == 1 && tokens_[at].kind == PythonToken::string && is(at + 1, ":"))
                found[tokens_[at].text] = list_at(at + 2).strings;
        }
        return found;
    }

    [[nodiscard]] const std::vector<PythonToken>& tokens() const { return tokens_; }

 private:
    [[nodiscard]] bool is(std::size_t at, std::string_view text) const {
        return at < tokens_.size() && tokens_[at].kind == PythonToken::other &&
               tokens_[at].text == text;
    }
    [[nodiscard]] std::optional<std::size_t> assigned(const std::string& name) const {
        for (std::size_t i = 0; i + 2 < tokens_.size(); ++i)
            if (tokens_[i].line_start && tokens_[i].kind == PythonToken::name &&
                tokens_[i].text == name && is(i + 1, "=") && !is(i + 2, "="))
                return i + 2;
        return std::nullopt;
    }
    // "a" "b" is one string.
    [[nodiscard]] std::string joined(std::size_t at) const {
        std::string all;
        for (; at < tokens_.size() && tokens_[at].kind == PythonToken::string; ++at)
            all += tokens_[at].text;
        return all;
    }

    std::vector<PythonToken> tokens_;
};

// "name = package.module:function [extra]"
void add_program(const std::string& line, std::map<std::string, std::string>& scripts) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) return;
    const std::string name(text::trim(std::string_view(line).substr(0, equals)));
    std::string object(text::trim(std::string_view(line).substr(equals + 1)));
    object = text::trim(object.substr(0, object.find('[')));
    if (!name.empty() && !object.empty()) scripts[name] = object;
}

// The lines of [section] in a text like setup.cfg's.
void add_section_programs(std::string_view text, std::map<std::string, std::string>& scripts) {
    text::Lines lines(text);
    bool inside = false;
    for (std::string_view line; lines.next(line);) {
        const std::string_view word = text::trim(line);
        if (word.starts_with("["))
            inside = word == "[console_scripts]";
        else if (inside)
            add_program(std::string(word), scripts);
    }
}

}  // namespace

SetupFacts setup_py_facts(std::string_view text) {
    SetupFacts facts;
    const SetupText setup(text);
    if (const auto at = setup.value_of("install_requires")) {
        const Literals found = setup.list_at(*at);
        facts.requirements = found.strings;
        facts.says_requirements = found.whole;
    }
    if (const auto at = setup.value_of("extras_require")) facts.extras = setup.lists_at(*at);
    if (const auto at = setup.value_of("console_scripts"))
        for (const std::string& line : setup.list_at(*at).strings) add_program(line, facts.scripts);
    if (const auto at = setup.value_of("scripts")) facts.script_files = setup.list_at(*at).strings;
    for (const PythonToken& token : setup.tokens()) {
        if (token.kind == PythonToken::string) {
            if (token.text.find("[console_scripts]") != std::string::npos)
                add_section_programs(token.text, facts.scripts);
            if (!text::match(token.text, "^[A-Za-z0-9_./-]*require[A-Za-z0-9_./-]*[.](txt|in|pip)$")
                     .empty())
                facts.requirement_files.push_back(token.text);
        }
        if (token.kind != PythonToken::name) continue;
        if (token.text == "packages" || token.text == "py_modules") facts.names_packages = true;
        if (token.text == "ext_modules" || token.text == "rust_extensions" ||
            token.text == "cffi_modules")
            facts.compiles = true;
    }
    return facts;
}

SetupFacts setup_cfg_facts(std::string_view text) {
    SetupFacts facts;
    std::string section, key;
    text::Lines lines(text);
    const auto take = [&](const std::string& value) {
        if (value.empty()) return;
        if (section == "options" && key == "install_requires") {
            if (value.starts_with("file:")) {
                facts.says_requirements = false;
                facts.requirement_files.emplace_back(text::trim(value.substr(5)));
            } else {
                facts.requirements.push_back(value);
            }
        } else if (section == "options.extras_require") {
            facts.extras[key].push_back(value);
        } else if (section == "options.entry_points" && key == "console_scripts") {
            add_program(value, facts.scripts);
        } else if (section == "options" && key == "scripts") {
            facts.script_files.push_back(value);
        }
    };
    for (std::string_view line; lines.next(line);) {
        const std::string word(text::trim(line));
        if (word.empty() || word[0] == '#' || word[0] == ';') continue;
        if (line[0] == '[') {
            section = word.substr(1, word.find(']') - 1);
            key.clear();
            continue;
        }
        const auto at = word.find_first_of("=:");
        if (text::is_space(line[0]) || at == std::string::npos) {
            take(word);
            continue;
        }
        key = text::trim(word.substr(0, at));
        std::replace(key.begin(), key.end(), '-', '_');
        if (section == "options" && key == "install_requires") facts.says_requirements = true;
        if ((section == "options" && (key == "packages" || key == "py_modules")) ||
            section == "files")
            facts.names_packages = true;
        take(std::string(text::trim(word.substr(at + 1))));
    }
    return facts;
}

void join(SetupFacts& facts, const SetupFacts& other) {
    const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(facts.requirements, other.requirements);
    append(facts.script_files, other.script_files);
    append(facts.requirement_files, other.requirement_files);
    for (const auto& [name, list] : other.extras) append(facts.extras[name], list);
    facts.scripts.insert(other.scripts.begin(), other.scripts.end());
    facts.says_requirements = facts.says_requirements || other.says_requirements;
    facts.names_packages = facts.names_packages || other.names_packages;
    facts.compiles = facts.compiles || other.compiles;
}

}  // namespace dba
