#include "formats/debian/rules_file.hpp"

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

std::vector<std::string> joined_lines(std::string_view text) {
    std::vector<std::string> all;
    bool goes_on = false;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        const bool more = line.ends_with('\\');
        std::string words(more ? line.substr(0, line.size() - 1) : line);
        if (goes_on)
            all.back() += " " + std::string(text::trim(words));
        else
            all.push_back(std::move(words));
        goes_on = more;
    }
    return all;
}

// $(NAME) and ${NAME}, as deep as values name others; $$ is sh's own dollar.
std::string expanded(std::string line, const RulesFile& rules, const std::string& package) {
    constexpr int most = 100;  // a variable may name itself
    constexpr std::size_t longest = 65536;
    std::size_t from = 0;
    for (int i = 0; i < most && line.size() < longest; ++i) {
        const auto at = line.find('$', from);
        if (at == std::string::npos || at + 1 >= line.size()) break;
        const char open = line[at + 1];
        if (open == '$') {
            line.erase(at, 1);
            from = at + 1;
            continue;
        }
        const auto close = line.find(open == '(' ? ')' : '}', at);
        if ((open != '(' && open != '{') || close == std::string::npos) {
            from = at + 1;
            continue;
        }
        const std::string name = line.substr(at + 2, close - at - 2);
        const auto found = rules.variables.find(name);
        if (name == "shell dh_listpackages")
            line.replace(at, close - at + 1, package);
        else if (found != rules.variables.end())
            line.replace(at, close - at + 1, found->second);
        else
            from = close;
    }
    const auto listed = line.find("`dh_listpackages`");
    if (listed != std::string::npos)
        line.replace(listed, std::string_view("`dh_listpackages`").size(), package);
    return line;
}

bool is_condition(const std::string& line) {
    return !text::match(line, "^ *(ifeq|ifneq|ifdef|ifndef|else|endif)").empty();
}

}  // namespace

RulesFile parse_rules(std::string_view text, const std::string& package) {
    RulesFile rules;
    bool in_recipe = false;
    for (const std::string& line : joined_lines(text)) {
        const std::string word(text::trim(line));
        if (line.starts_with('\t') && in_recipe) {
            std::string command = word;
            while (!command.empty() &&
                   std::string_view("@-+").find(command[0]) != std::string::npos)
                command.erase(0, 1);
            if (!command.empty() && command[0] != '#')
                rules.recipes.back().second.push_back(std::move(command));
            continue;
        }
        if (word.empty() || word[0] == '#') continue;
        if (is_condition(line)) {
            rules.conditions = true;
            continue;
        }
        if (const auto set = text::match(
                word, "^(export +|override +)*([A-Za-z_][A-Za-z0-9_]*) *([:?+]*=)(.*)$");
            !set.empty()) {
            std::string value(text::trim(std::string_view(set[4]).substr(0, set[4].find(" #"))));
            std::string& to = rules.variables[set[2]];
            if (set[3] == "?=" && !to.empty()) continue;
            if (set[3] == "+=")
                to.append(" ").append(value);
            else
                to = std::move(value);
            continue;
        }
        if (const auto target = text::match(word, "^([^:=#]+):(.*)$"); !target.empty()) {
            in_recipe = true;
            const std::string name(text::trim(target[1]));
            if (name == ".PHONY") continue;
            rules.recipes.push_back({name, {}});
            continue;
        }
        if (!word.starts_with("export ") && !word.starts_with("unexport "))
            rules.not_read.push_back(word);
    }
    for (auto& [target, commands] : rules.recipes)
        for (std::string& command : commands) command = expanded(command, rules, package);
    const RulesFile written = rules;
    for (auto& [name, value] : rules.variables) value = expanded(value, written, package);
    return rules;
}

std::vector<std::string> loose_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool inside = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == 0 && text::is_space(c)) {
            if (inside) words.push_back(std::move(word));
            word.clear();
            inside = false;
            continue;
        }
        inside = true;
        if (quote != 0 && c == quote)
            quote = 0;
        else if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == '\\' && quote != '\'' && i + 1 < line.size())
            word += line[++i];
        else
            word += c;
    }
    if (inside) words.push_back(std::move(word));
    return words;
}

}  // namespace dba
