#include "formats/python/imports.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "formats/text/text.hpp"

namespace dba {
namespace {

struct Statement {
    std::size_t indent = 0;
    std::string text;  // strings left out, continued lines joined
};

// Statements by their lines: strings and comments are left out, what is in brackets or continued by
// a backslash is one.
class Statements {
 public:
    explicit Statements(std::string_view source) : source_(source) {}

    std::vector<Statement> read() {
        while (at_ < source_.size()) {
            const char c = source_[at_];
            if (c == '#') {
                at_ = std::min(source_.find('\n', at_), source_.size());
            } else if (c == '"' || c == '\'') {
                skip_string(c);
            } else if (c == '\\' && source_.substr(at_ + 1, 1) == "\n") {
                text_ += ' ';
                at_ += 2;
            } else if ((c == '\n' || c == ';') && depth_ == 0) {
                end(c == '\n');
                ++at_;
            } else {
                take(c);
                ++at_;
            }
        }
        end(true);
        return std::move(statements_);
    }

 private:
    void take(char c) {
        if (c == '(' || c == '[' || c == '{') ++depth_;
        if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
        if (text_.empty() && text::is_space(c)) {
            if (at_start_) indent_ += c == '\t' ? 8 : 1;
            return;
        }
        text_ += c == '\n' ? ' ' : c;
    }

    void end(bool of_line) {
        if (!text_.empty()) statements_.push_back({indent_, std::string(text::trim(text_))});
        text_.clear();
        // What follows a semicolon stands where its line stands.
        if (of_line) indent_ = 0;
        at_start_ = of_line;
    }

    void skip_string(char quote) {
        const std::string three(3, quote);
        const bool is_long = source_.substr(at_, 3) == three;
        at_ += is_long ? 3 : 1;
        while (at_ < source_.size()) {
            if (source_[at_] == '\\') {
                at_ += 2;
            } else if (is_long ? source_.substr(at_, 3) == three
                               : source_[at_] == quote || source_[at_] == '\n') {
                at_ += is_long ? 3 : (source_[at_] == quote ? 1 : 0);
                break;
            } else {
                ++at_;
            }
        }
        text_ += "''";
    }

    std::string_view source_;
    std::size_t at_ = 0, indent_ = 0;
    int depth_ = 0;
    bool at_start_ = true;
    std::string text_;
    std::vector<Statement> statements_;
};

bool begins(std::string_view text, std::string_view word) {
    return text.starts_with(word) &&
           (text.size() == word.size() || !text::is_alnum(text[word.size()]));
}

bool is_conditional(std::string_view text) {
    if (begins(text, "try")) return true;
    if (!begins(text, "if") && !begins(text, "elif")) return false;
    for (const char* word : {"version", "platform", "TYPE_CHECKING", "os.name", "hexversion"})
        if (text.find(word) != std::string_view::npos) return true;
    return false;
}

bool goes_on(std::string_view text) {
    return begins(text, "except") || begins(text, "finally") || begins(text, "else") ||
           begins(text, "elif");
}

// "a, b.c as d" and "(x as y, z)".
std::vector<std::string> names_in(std::string_view list) {
    std::vector<std::string> names;
    for (const auto part : text::split(list, ',')) {
        std::string clean;
        for (const char c : part)
            if (c != '(' && c != ')') clean += c;
        const auto words = text::words(clean);
        if (!words.empty() && words.front() != "*") names.emplace_back(words.front());
    }
    return names;
}

void add_names(std::string_view text, std::set<std::string>& names) {
    if (begins(text, "import")) {
        for (std::string& name : names_in(text.substr(6))) names.insert(std::move(name));
        return;
    }
    if (!begins(text, "from")) return;
    const auto words = text::words(text);
    const std::size_t import = text.find(" import");
    if (words.size() < 3 || words[1].starts_with('.') || import == std::string_view::npos) return;
    const std::string module(words[1]);
    names.insert(module);
    for (const std::string& name : names_in(text.substr(import + 7)))
        names.insert(std::string(module).append(1, '.').append(name));
}

}  // namespace

std::set<std::string> plain_imports(std::string_view source) {
    std::set<std::string> names;
    std::vector<std::size_t> conditional;  // where the blocks around begin
    for (const Statement& one : Statements(source).read()) {
        while (!conditional.empty() && one.indent <= conditional.back() &&
               !(one.indent == conditional.back() && goes_on(one.text)))
            conditional.pop_back();
        if (conditional.empty() && is_conditional(one.text)) {
            conditional.push_back(one.indent);
            continue;
        }
        if (conditional.empty()) add_names(one.text, names);
    }
    return names;
}

}  // namespace dba
