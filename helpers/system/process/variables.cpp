#include "system/process/variables.hpp"

#include <fmt/format.h>

#include <functional>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_variable_character(char c) {
    return text::is_upper(c) || text::is_digit(c) || c == '_';
}

// Gives `use` the text before a variable, and its name; the last time "" for the name.
void each_variable(std::string_view text,
                   const std::function<void(std::string_view, std::string_view)>& use) {
    std::size_t done = 0;
    for (auto at = text.find("${"); at != text.npos; at = text.find("${", at + 1)) {
        std::size_t end = at + 2;
        while (end < text.size() && is_variable_character(text[end])) ++end;
        if (end == at + 2 || end == text.size() || text[end] != '}') continue;
        use(text.substr(done, at - done), text.substr(at + 2, end - at - 2));
        done = end + 1;
    }
    use(text.substr(done), {});
}

}  // namespace

std::set<std::string> variables_in(std::string_view text) {
    std::set<std::string> names;
    each_variable(text, [&](std::string_view, std::string_view name) {
        if (!name.empty()) names.emplace(name);
    });
    return names;
}

Result<std::string> expand_variables(std::string_view text, const std::string& where) {
    std::string expanded, missing;
    each_variable(text, [&](std::string_view before, std::string_view name) {
        expanded += before;
        if (name.empty()) return;
        const std::string value = own_variable(std::string(name));
        if (value.empty()) missing = name;
        expanded += value;
    });
    if (missing.empty()) return expanded;
    return bad_input(where,
                     fmt::format("names ${{{}}}, which is not set in the environment", missing),
                     fmt::format("set {} where the build is started", missing));
}

void pass_variables(Environment& environment, const std::set<std::string>& names) {
    for (const auto& name : names) environment[name] = own_variable(name);
}

// A shorter value is no secret, and would be found everywhere.
constexpr std::size_t shortest_secret = 4;

std::string hide_variables(std::string text, const std::set<std::string>& names) {
    for (const auto& name : names) {
        const std::string value = own_variable(name);
        const std::string shown = fmt::format("${{{}}}", name);
        if (value.size() < shortest_secret) continue;
        for (auto at = text.find(value); at != std::string::npos;
             at = text.find(value, at + shown.size()))
            text.replace(at, value.size(), shown);
    }
    return text;
}

}  // namespace dba
