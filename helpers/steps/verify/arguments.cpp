#include "steps/verify/arguments.hpp"

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba::steps {

bool lists_word(std::string_view list, std::string_view word) {
    const auto words = text::words(list);
    return std::find(words.begin(), words.end(), word) != words.end();
}

ProgramArguments::ProgramArguments(const std::vector<std::string>& words, std::string_view flags,
                                   std::string_view lists) {
    const auto is_flag = [&](std::string_view option) {
        return option.starts_with("--no-") || lists_word(flags, option);
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--") {
            positionals_.insert(positionals_.end(), words.begin() + static_cast<long>(i) + 1,
                                words.end());
            return;
        }
        if (word.size() < 2 || word[0] != '-') {
            positionals_.push_back(word);
            continue;
        }
        std::string option = word;
        std::string value;
        bool has_value = false;
        if (word.starts_with("--")) {
            if (const std::size_t equals = word.find('='); equals != std::string::npos) {
                option = word.substr(0, equals);
                value = word.substr(equals + 1);
                has_value = true;
            }
        } else {
            // "-vDk gevent", "-kgevent": flags in one word, up to one that takes a value.
            std::size_t at = 1;
            for (; at < word.size(); ++at) {
                option = {'-', word[at]};
                if (!is_flag(option)) break;
                given_.push_back({option, ""});
            }
            if (at == word.size()) continue;
            has_value = at + 1 < word.size();
            if (has_value) value = word.substr(at + (word[at + 1] == '=' ? 2 : 1));
        }
        if (!has_value && lists_word(lists, option)) {
            while (i + 1 < words.size() && !words[i + 1].starts_with('-'))
                given_.push_back({option, words[++i]});
            continue;
        }
        if (!has_value && !is_flag(option) && i + 1 < words.size()) value = words[++i];
        given_.push_back({option, value});
    }
}

std::string ProgramArguments::value(std::string_view options) const {
    const auto all = values(options);
    return all.empty() ? "" : all.back();
}

std::vector<std::string> ProgramArguments::values(std::string_view options) const {
    std::vector<std::string> found;
    for (const Given& one : given_)
        if (lists_word(options, one.option) && !one.value.empty()) found.push_back(one.value);
    return found;
}

bool ProgramArguments::has(std::string_view options) const {
    return std::any_of(given_.begin(), given_.end(),
                       [&](const Given& one) { return lists_word(options, one.option); });
}

std::vector<std::string> plain_shell_words(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (c == quote)
                quote = 0;
            else if (quote == '"' && (c == '$' || c == '`' || c == '\\'))
                return {};
            else
                word += c;
        } else if (c == '\'' || c == '"') {
            // "$@": whatever else was said, which for a service is nothing.
            if (line.substr(i, 4) == "\"$@\"") {
                i += 3;
                continue;
            }
            quote = c;
            in_word = true;
        } else if (text::is_space(c)) {
            if (in_word) words.push_back(std::move(word));
            word.clear();
            in_word = false;
        } else if (c == '#' && !in_word) {
            break;
        } else if (std::string_view("$`\\|&;<>()*?[]{}~!").find(c) != std::string_view::npos) {
            return {};
        } else {
            word += c;
            in_word = true;
        }
    }
    if (quote != 0) return {};
    if (in_word) words.push_back(std::move(word));
    return words;
}

std::vector<std::string> shell_commands(std::string_view line) {
    std::vector<std::string> parts(1);
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == ';' || c == '\n' || line.substr(i, 2) == "&&") {
            if (c == '&') ++i;
            parts.emplace_back();
            continue;
        }
        parts.back() += c;
    }
    return parts;
}

}  // namespace dba::steps
