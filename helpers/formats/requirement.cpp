#include "formats/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "formats/text.hpp"
#include "formats/version.hpp"

namespace dba {
namespace {

class Cursor {
 public:
    explicit Cursor(std::string_view text) : whole_(text), rest_(text) {}

    void skip_space() {
        while (!rest_.empty() && text::is_space(rest_[0])) rest_.remove_prefix(1);
    }
    [[nodiscard]] bool at_end() {
        skip_space();
        return rest_.empty();
    }
    bool take(std::string_view token) {
        skip_space();
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }
    // A word by itself, not the beginning of a longer one.
    bool take_word(std::string_view word) {
        skip_space();
        if (!rest_.starts_with(word)) return false;
        if (rest_.size() > word.size() &&
            (text::is_alnum(rest_[word.size()]) || rest_[word.size()] == '_'))
            return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    template <class Wanted>
    std::string take_while(Wanted wanted) {
        skip_space();
        std::size_t length = 0;
        while (length < rest_.size() && wanted(rest_[length])) ++length;
        std::string taken(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return taken;
    }
    std::string take_until(std::string_view end) {
        const std::size_t at = std::min(rest_.find(end), rest_.size());
        std::string taken(text::trim(rest_.substr(0, at)));
        rest_.remove_prefix(at);
        return taken;
    }
    [[nodiscard]] std::string_view rest() {
        skip_space();
        return rest_;
    }
    [[nodiscard]] Failure expected(std::string_view what) {
        skip_space();
        return bad_input(std::string(whole_),
                         fmt::format("expected {}, found {}", what,
                                     rest_.empty() ? "the end" : text::quote(rest_)),
                         "see PEP 508");
    }

 private:
    std::string_view whole_;
    std::string_view rest_;
};

bool is_name_char(char c) {
    return text::is_alnum(c) || c == '-' || c == '_' || c == '.';
}

Result<std::string> parse_name(Cursor& cursor, std::string_view what) {
    std::string name = cursor.take_while(is_name_char);
    if (name.empty() || !text::is_alnum(name.front()) || !text::is_alnum(name.back()))
        return cursor.expected(what);
    return name;
}

struct Value {
    std::string text;
    bool is_extra = false;  // compared as a name (PEP 685)
};

// The spellings that came before PEP 508 (PEP 345).
std::string_view modern_name(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> old = {
        {{"os.name", "os_name"},
         {"sys.platform", "sys_platform"},
         {"platform.version", "platform_version"},
         {"platform.machine", "platform_machine"},
         {"platform.python_implementation", "platform_python_implementation"},
         {"python_implementation", "platform_python_implementation"}}};
    for (const auto& [from, to] : old)
        if (name == from) return to;
    return name;
}

class Marker {
 public:
    Marker(std::string_view text, const MarkerEnvironment& environment)
        : cursor_(text), environment_(environment) {}

    Result<bool> evaluate() {
        if (cursor_.at_end()) return true;
        TRY_ASSIGN(const bool holds, any_of());
        if (!cursor_.at_end()) return cursor_.expected("\"and\", \"or\" or the end");
        return holds;
    }

 private:
    Result<bool> any_of() {
        TRY_ASSIGN(bool holds, all_of());
        while (cursor_.take_word("or")) {
            TRY_ASSIGN(const bool next, all_of());
            holds = holds || next;
        }
        return holds;
    }

    Result<bool> all_of() {
        TRY_ASSIGN(bool holds, one());
        while (cursor_.take_word("and")) {
            TRY_ASSIGN(const bool next, one());
            holds = holds && next;
        }
        return holds;
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as the parentheses of a line of metadata
    Result<bool> one() {
        if (cursor_.take("(")) {
            if (++depth_ > 100) return cursor_.expected("fewer parentheses");
            TRY_ASSIGN(const bool holds, any_of());
            if (!cursor_.take(")")) return cursor_.expected("\")\"");
            --depth_;
            return holds;
        }
        TRY_ASSIGN(const Value left, value());
        TRY_ASSIGN(const std::string op, comparison());
        TRY_ASSIGN(const Value right, value());
        return compare(left, op, right);
    }

    Result<Value> value() {
        for (const std::string_view quote : {"\"", "'"}) {
            if (!cursor_.take(quote)) continue;
            Value literal{cursor_.take_until(quote)};
            if (!cursor_.take(quote)) return cursor_.expected("a closing quote");
            return literal;
        }
        const std::string word =
            cursor_.take_while([](char c) { return text::is_alnum(c) || c == '_' || c == '.'; });
        const std::string_view name = modern_name(word);
        if (name == "extra") {
            const auto given = environment_.find("extra");
            return Value{given == environment_.end() ? "" : given->second, true};
        }
        const auto known = environment_.find(name);
        if (word.empty() || known == environment_.end())
            return cursor_.expected(word.empty() ? "a variable or a text in quotes"
                                                 : "a marker variable instead of " + word);
        return Value{known->second};
    }

    Result<std::string> comparison() {
        for (const char* op : {"===", "==", "!=", "<=", ">=", "~=", "<", ">"})
            if (cursor_.take(op)) return op;
        if (cursor_.take_word("in")) return "in";
        if (cursor_.take_word("not")) {
            if (cursor_.take_word("in")) return "not in";
            return cursor_.expected("\"in\"");
        }
        return cursor_.expected("a comparison");
    }

    static bool compare(const Value& left, const std::string& op, const Value& right) {
        if (op == "in") return right.text.find(left.text) != std::string::npos;
        if (op == "not in") return right.text.find(left.text) == std::string::npos;
        if (left.is_extra || right.is_extra) {
            const bool same =
                normalise_distribution(left.text) == normalise_distribution(right.text);
            return same == (op != "!=");
        }
        if (parse_pep440(left.text))
            if (const auto specifiers = parse_specifiers(op + right.text);
                specifiers && specifiers->size() == 1)
                return satisfies(*specifiers, left.text);
        const int order = left.text.compare(right.text);
        if (op == "==" || op == "===") return order == 0;
        if (op == "!=") return order != 0;
        if (op == "<") return order < 0;
        if (op == "<=") return order <= 0;
        if (op == ">") return order > 0;
        return op == ">=" && order >= 0;  // "~=" is for versions alone
    }

    Cursor cursor_;
    const MarkerEnvironment& environment_;
    int depth_ = 0;
};

}  // namespace

Result<Requirement> parse_requirement(std::string_view text) {
    Cursor cursor(text);
    Requirement requirement;
    TRY_ASSIGN(requirement.name, parse_name(cursor, "a distribution's name"));
    if (cursor.take("[")) {
        while (!cursor.take("]")) {
            TRY_ASSIGN(std::string extra, parse_name(cursor, "an extra's name"));
            requirement.extras.push_back(std::move(extra));
            if (!cursor.take(",") && !cursor.rest().starts_with("]"))
                return cursor.expected("\",\" or \"]\"");
        }
    }
    if (cursor.take("@")) {
        // A URL may hold a semicolon; white space before one ends it (PEP 508).
        requirement.url = cursor.take_while([](char c) { return !text::is_space(c); });
        if (requirement.url.empty()) return cursor.expected("a URL");
    } else {
        const bool closed = cursor.take("(");
        std::string_view rest = cursor.rest();
        const std::size_t end = std::min(rest.find(closed ? ')' : ';'), rest.size());
        TRY_ASSIGN(requirement.specifiers, parse_specifiers(rest.substr(0, end)));
        (void)cursor.take(rest.substr(0, end));
        if (closed && !cursor.take(")")) return cursor.expected("\")\"");
    }
    if (cursor.take(";")) {
        requirement.marker = std::string(text::trim(cursor.rest()));
        if (requirement.marker.empty()) return cursor.expected("a marker");
        return requirement;
    }
    if (!cursor.at_end()) return cursor.expected("\";\" or the end");
    return requirement;
}

Result<bool> evaluate_marker(std::string_view marker, const MarkerEnvironment& environment) {
    return Marker(marker, environment).evaluate();
}

}  // namespace dba
