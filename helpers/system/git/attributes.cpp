#include "system/git/attributes.hpp"

#include "formats/text/glob.hpp"

namespace dba::git {
namespace {

constexpr std::string_view blanks = " \t\r";

// The next word of `line`, which is shortened by it. A word in double quotes has C's escapes.
std::string take_word(std::string_view& line, bool quotable) {
    const auto start = line.find_first_not_of(blanks);
    if (start == std::string_view::npos) {
        line = {};
        return {};
    }
    line.remove_prefix(start);
    if (!quotable || line.front() != '"') {
        const auto end = std::min(line.find_first_of(blanks), line.size());
        std::string word(line.substr(0, end));
        line.remove_prefix(end);
        return word;
    }
    std::string word;
    std::size_t i = 1;
    for (; i < line.size() && line[i] != '"'; ++i) {
        if (line[i] != '\\' || i + 1 == line.size()) {
            word += line[i];
            continue;
        }
        const char escape = line[++i];
        if (escape >= '0' && escape <= '3' && i + 2 < line.size()) {
            word += static_cast<char>((escape - '0') * 64 + (line[i + 1] - '0') * 8 +
                                      (line[i + 2] - '0'));
            i += 2;
            continue;
        }
        static constexpr std::string_view letters = "abfnrtv";
        static constexpr std::string_view meanings = "\a\b\f\n\r\t\v";
        const auto known = letters.find(escape);
        word += known == std::string_view::npos ? escape : meanings[known];
    }
    line.remove_prefix(std::min(i + 1, line.size()));
    return word;
}

// "**" means any number of directories only when it stands between slashes (gitignore(5));
// elsewhere it is "*".
std::string normalise_stars(const std::string& pattern) {
    std::string plain;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            plain += pattern.substr(i++, 2);
            continue;
        }
        if (pattern[i] != '*') {
            plain += pattern[i];
            continue;
        }
        std::size_t end = i;
        while (end < pattern.size() && pattern[end] == '*') ++end;
        const bool whole = end - i == 2 && (i == 0 || pattern[i - 1] == '/') &&
                           (end == pattern.size() || pattern[end] == '/');
        plain += whole ? "**" : "*";
        i = end - 1;
    }
    return plain;
}

}  // namespace

AttributeStack::AttributeStack() {
    macros_["binary"] = {{"diff", "false"}, {"merge", "false"}, {"text", "false"}};
}

AttributeStack::Setting AttributeStack::parse_setting(std::string_view word) {
    Setting setting;
    if (word.starts_with('-')) {
        setting.name = word.substr(1);
        setting.value = "false";
    } else if (word.starts_with('!')) {
        setting.name = word.substr(1);
        setting.unspecified = true;
    } else {
        const auto equals = word.find('=');
        setting.name = word.substr(0, equals);
        setting.value =
            equals == std::string_view::npos ? "true" : std::string(word.substr(equals + 1));
    }
    return setting;
}

void AttributeStack::parse_line(std::string_view line, Level& level) {
    const auto first = line.find_first_not_of(blanks);
    if (first == std::string_view::npos || line[first] == '#') return;
    std::string pattern = take_word(line, true);
    const bool is_macro = pattern.starts_with("[attr]");
    std::vector<Setting> settings;
    for (std::string word = take_word(line, false); !word.empty(); word = take_word(line, false))
        settings.push_back(parse_setting(word));
    if (is_macro) {
        // Macros are allowed at the top only.
        if (level.directory.empty()) macros_[pattern.substr(6)] = std::move(settings);
        return;
    }
    // gitattributes(5): negative patterns are forbidden; git ignores the line.
    if (pattern.empty() || pattern.front() == '!') return;
    Rule rule;
    if (pattern.size() > 1 && pattern.back() == '/') {
        rule.directories_only = true;
        pattern.pop_back();
    }
    rule.by_base_name = pattern.find('/') == std::string::npos;
    if (pattern.front() == '/') pattern.erase(0, 1);
    rule.pattern = normalise_stars(pattern);
    rule.settings = std::move(settings);
    level.rules.push_back(std::move(rule));
}

void AttributeStack::enter(const std::string& directory, std::string_view text) {
    Level level;
    level.directory = directory;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        parse_line(text.substr(0, end), level);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    levels_.push_back(std::move(level));
}

void AttributeStack::leave() {
    levels_.pop_back();
}

bool AttributeStack::matches(const Level& level, const Rule& rule, std::string_view path,
                             bool is_directory) {
    if (rule.directories_only && !is_directory) return false;
    if (rule.by_base_name) {
        const auto slash = path.rfind('/');
        return glob_match(rule.pattern,
                          slash == std::string_view::npos ? path : path.substr(slash + 1));
    }
    if (!level.directory.empty()) {
        if (!path.starts_with(level.directory + "/")) return false;
        path.remove_prefix(level.directory.size() + 1);
    }
    return glob_match(rule.pattern, path);
}

// The first to decide an attribute wins: callers go from the strongest line to the weakest.
void AttributeStack::decide(const std::vector<Setting>& settings, Decided& decided) const {
    for (auto setting = settings.rbegin(); setting != settings.rend(); ++setting) {
        if (!decided.emplace(setting->name, *setting).second) continue;
        const auto macro = macros_.find(setting->name);
        if (macro != macros_.end() && !setting->unspecified && setting->value == "true")
            decide(macro->second, decided);
    }
}

Attributes AttributeStack::lookup(std::string_view path, bool is_directory) const {
    Decided decided;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
        for (auto rule = level->rules.rbegin(); rule != level->rules.rend(); ++rule) {
            if (matches(*level, *rule, path, is_directory)) decide(rule->settings, decided);
        }
    }
    Attributes attributes;
    for (const auto& [name, setting] : decided) {
        if (!setting.unspecified) attributes[name] = setting.value;
    }
    return attributes;
}

}  // namespace dba::git
