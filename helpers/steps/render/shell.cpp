#include "steps/render/shell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "formats/text/text.hpp"
#include "steps/render/text.hpp"
#include "system/files/resources.hpp"

namespace dba::steps {

namespace {

// A snippet lies in a folder of templates/scripts. They stand in a script in the order of their
// names: an assignment that uses another's variable stands below it.
std::vector<std::string_view> snippets() {
    static constexpr std::string_view top = "scripts/";
    std::vector<std::string_view> out;
    for (const Resource& one : resource_table())
        if (one.name.starts_with(top) && one.name.find('/', top.size()) != std::string_view::npos)
            out.push_back(one.name);
    return out;
}

bool is_word_byte(char byte) {
    return text::is_alnum(byte) || byte == '_';
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

// What a snippet offers, by its lines that start at the left: `name() {`, `name() (`, and `name=`,
// which is "$name" here and below.
std::set<std::string> defined_in(std::string_view text) {
    std::set<std::string> out;
    for (const std::string_view line : lines_of(text)) {
        std::size_t end = 0;
        while (end < line.size() && is_word_byte(line[end])) ++end;
        const std::string_view rest = line.substr(end);
        const std::string name(line.substr(0, end));
        if (end > 0 && rest.starts_with("() ")) out.insert(name);
        if (end > 0 && rest.starts_with("=")) out.insert("$" + name);
    }
    return out;
}

// Every word outside comments, and "$word" for $word and ${word. More than what is really used (a
// word of a message, say) does no harm; less would.
std::set<std::string> words_of(std::string_view text) {
    std::set<std::string> out;
    for (const std::string_view line : lines_of(text)) {
        const std::size_t first = line.find_first_not_of(' ');
        if (first == std::string_view::npos || line[first] == '#') continue;
        for (std::size_t at = first; at < line.size();) {
            std::size_t end = at;
            while (end < line.size() && is_word_byte(line[end])) ++end;
            if (end > at) {
                const std::string_view before = line.substr(0, at);
                const bool variable = before.ends_with("$") || before.ends_with("${");
                out.insert((variable ? "$" : "") + std::string(line.substr(at, end - at)));
            }
            at = end + 1;
        }
    }
    return out;
}

bool offers(std::string_view text, const std::set<std::string>& wanted) {
    for (const std::string& name : defined_in(text))
        if (wanted.contains(name)) return true;
    return false;
}

std::string indented(std::string_view text, std::string_view indent) {
    std::string out;
    for (const std::string_view line : lines_of(text))
        out += line.empty() ? "\n" : fmt::format("{}{}\n", indent, line);
    return out;
}

std::string commands_text(const Commands& commands, std::string_view indent) {
    std::string out;
    for (const std::string& command : commands) out += indented(command, indent);
    return out;
}

}  // namespace

std::string if_block(const std::string& condition, const std::string& lines) {
    return "if " + condition + "; then\n" + indented(lines, "    ") + "fi\n";
}

MaintainerScript::MaintainerScript(std::string name, std::string package, std::string purpose)
    : name_(std::move(name)), package_(std::move(package)), purpose_(std::move(purpose)) {}

MaintainerScript& MaintainerScript::variable(const std::string& name, const std::string& value) {
    variables_.emplace_back(name, name + "=" + shell_quote(value) + "\n");
    return *this;
}

MaintainerScript& MaintainerScript::function(const std::string& text) {
    if (!text.empty()) functions_.push_back(text);
    return *this;
}

MaintainerScript& MaintainerScript::always(const Commands& commands) {
    const std::string text = commands_text(commands, "");
    if (!text.empty()) body_ += "\n" + text;
    return *this;
}

MaintainerScript& MaintainerScript::calls(
    const std::vector<std::pair<std::string, Commands>>& branches) {
    std::string text;
    for (const auto& [pattern, commands] : branches) {
        const std::string lines = commands_text(commands, "        ");
        if (!lines.empty()) text += fmt::format("    {})\n{}        ;;\n", pattern, lines);
    }
    if (!text.empty()) body_ += "\ncase \"$1\" in\n" + text + "esac\n";
    return *this;
}

std::string MaintainerScript::text() const {
    if (body_.empty()) return "";
    const std::vector<std::string_view> all = snippets();
    std::set<std::string> wanted = words_of(body_);
    std::set<std::string_view> chosen;
    std::set<std::size_t> own;
    for (bool grew = true; grew;) {
        grew = false;
        const auto take = [&](std::string_view text) {
            wanted.merge(words_of(text));
            grew = true;
        };
        for (const std::string_view name : all) {
            const std::string_view text = resource(name);
            if (!chosen.contains(name) && offers(text, wanted)) {
                chosen.insert(name);
                take(text);
            }
        }
        for (std::size_t i = 0; i < functions_.size(); ++i)
            if (!own.contains(i) && offers(functions_[i], wanted)) {
                own.insert(i);
                take(functions_[i]);
            }
    }
    std::string out = fill("scripts/header.sh",
                           {{"SCRIPT", name_}, {"PACKAGE", package_}, {"PURPOSE", purpose_}});
    bool first = true;
    for (const auto& [name, line] : variables_) {
        if (!wanted.contains("$" + name)) continue;
        out += (first ? "\n" : "") + line;
        first = false;
    }
    for (const std::string_view name : all)
        if (chosen.contains(name)) {
            out += "\n";
            out += resource(name);
        }
    for (const std::size_t i : own) out += "\n" + functions_[i];
    return out + body_;
}

}  // namespace dba::steps
