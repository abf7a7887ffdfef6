#include "formats/debian/control.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba {
namespace {

// Policy 5.1: printable ASCII without space and colon, not starting with '#' or '-'.
bool is_field_name(std::string_view name) {
    return !name.empty() && name[0] != '#' && name[0] != '-' &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
}

// Reads one field of relations; each function takes what it understood off the front.
class RelationParser {
 public:
    explicit RelationParser(std::string_view text) : whole_(text) {}

    Result<std::vector<std::vector<Relation>>> parse() {
        std::vector<std::vector<Relation>> relations;
        for (const auto group : text::split(whole_, ',')) {
            // dpkg takes a comma too many, as generated fields have them.
            if (text::trim(group).empty()) continue;
            std::vector<Relation> alternatives;
            for (const auto one : text::split(group, '|')) {
                rest_ = text::trim(one);
                TRY_ASSIGN(auto relation, relation_());
                alternatives.push_back(std::move(relation));
            }
            relations.push_back(std::move(alternatives));
        }
        return relations;
    }

 private:
    Failure fail(std::string cause, std::string hint) const {
        return bad_input(std::string(text::trim(whole_)), std::move(cause), std::move(hint));
    }

    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view take_until(std::string_view ends) {
        const auto taken = rest_.substr(0, rest_.find_first_of(ends));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    void skip_space() {
        while (!rest_.empty() && text::is_space(rest_[0])) rest_.remove_prefix(1);
    }

    Result<Relation> relation_() {
        Relation relation;
        if (rest_.empty())
            return fail("a '|' has no package on one side", "write it like a | b (>= 1.0)");
        if (rest_.find("${") != std::string_view::npos)
            return fail("substitution variables are not expanded here",
                        "name the packages themselves");
        relation.package = take_until(" \t\r\n([<:");
        TRY(check_name(relation.package));
        if (take(':')) {
            relation.architecture = take_until(" \t\r\n([<");
            if (relation.architecture.empty())
                return fail("no architecture follows the ':'", "write it like python3:any");
        }
        skip_space();
        if (take('(')) TRY(version(relation));
        skip_space();
        if (take('[')) {
            const auto list = take_until("]");
            if (!take(']')) return fail("the '[' has no ']'", "write it like libc6 [amd64 arm64]");
            for (const auto word : text::words(list)) relation.architectures.emplace_back(word);
        }
        skip_space();
        while (take('<')) {
            const auto list = take_until(">");
            if (!take('>')) return fail("the '<' has no '>'", "write it like debhelper <!nocheck>");
            relation.profiles.emplace_back(text::trim(list));
            skip_space();
        }
        if (!rest_.empty())
            return fail(fmt::format("{} cannot follow {}", text::quote(rest_), relation.package),
                        "relations are separated by ',' and versions stand in ( ), as in "
                        "a (>= 1.0), b");
        return relation;
    }

    Result<void> check_name(std::string_view name) const {
        const bool valid =
            name.size() >= 2 && (text::is_lower(name[0]) || text::is_digit(name[0])) &&
            std::all_of(name.begin(), name.end(), [](char c) {
                return text::is_lower(c) || text::is_digit(c) || c == '+' || c == '-' || c == '.';
            });
        if (valid) return {};
        return fail(fmt::format("{} is no package name", text::quote(name)),
                    "lower case letters, digits and + - . make one (Debian Policy 5.6.7); "
                    "relations are written like libc6 (>= 2.36)");
    }

    Result<void> version(Relation& relation) {
        skip_space();
        while (!rest_.empty() && std::string_view("<>=!~").find(rest_[0]) != std::string_view::npos)
            relation.op += rest_[0], rest_.remove_prefix(1);
        static constexpr std::string_view operators[] = {"<<", "<=", "=", ">=", ">>"};
        if (std::find(std::begin(operators), std::end(operators), relation.op) ==
            std::end(operators)) {
            std::string hint = "Debian has << <= = >= >>";
            if (relation.op == "==" || relation.op.empty()) hint += "; write (= VERSION)";
            if (relation.op == "<" || relation.op == ">")
                hint += fmt::format("; write {0}= or {0}{0}", relation.op);
            return fail(relation.op.empty()
                            ? "the version has no operator"
                            : fmt::format("{} is no operator", text::quote(relation.op)),
                        std::move(hint));
        }
        const auto inside = take_until(")");
        if (!take(')')) return fail("the '(' has no ')'", "write it like libc6 (>= 2.36)");
        const auto value = text::trim(inside);
        const bool valid = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
            return text::is_alnum(c) || std::string_view(".+-~:").find(c) != std::string_view::npos;
        });
        if (!valid)
            return fail(fmt::format("{} is no Debian version", text::quote(value)),
                        "letters, digits and . + - ~ : make one (Debian Policy 5.6.12)");
        relation.version = value;
        return {};
    }

    std::string_view whole_;
    std::string_view rest_;
};

template <class Range>
std::string joined(const Range& parts, std::string_view separator) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += separator;
        text += to_text(part);
    }
    return text;
}

}  // namespace

const std::string* Stanza::find(std::string_view name) const {
    for (const auto& [field, value] : fields)
        if (text::equal_ignoring_case(field, name)) return &value;
    return nullptr;
}

void Stanza::set(std::string_view name, std::string value) {
    for (auto& [field, old] : fields) {
        if (!text::equal_ignoring_case(field, name)) continue;
        old = std::move(value);
        return;
    }
    fields.emplace_back(name, std::move(value));
}

Result<std::vector<Stanza>> parse_control(std::string_view bytes, std::string_view file_name) {
    std::vector<Stanza> stanzas;
    bool in_stanza = false;
    text::Lines lines(bytes);
    std::string_view line;
    const auto fail = [&](std::string_view what, std::string hint) {
        return bad_input(std::string(file_name), fmt::format("line {}: {}", lines.number(), what),
                         std::move(hint));
    };
    while (lines.next(line)) {
        if (line.starts_with('#')) continue;
        const auto content = text::trim_right(line);
        if (content.empty()) {
            in_stanza = false;
            continue;
        }
        if (text::is_blank(line[0])) {
            if (!in_stanza)
                return fail("a continuation line without a field",
                            "fields start in the first column, as \"Name: value\"");
            const auto folded = content.substr(1);
            stanzas.back().fields.back().second += '\n';
            if (folded != ".") stanzas.back().fields.back().second += folded;
            continue;
        }
        const auto colon = content.find(':');
        const auto name = text::trim_right(content.substr(0, colon));
        if (colon == std::string_view::npos || !is_field_name(name))
            return fail(fmt::format("{} is no field", text::quote(content)),
                        "write fields as \"Name: value\"");
        if (!in_stanza) stanzas.emplace_back();
        in_stanza = true;
        if (stanzas.back().find(name) != nullptr)
            return fail(fmt::format("the field {} stands here a second time", name),
                        "keep one of the two");
        stanzas.back().fields.emplace_back(name, text::trim(content.substr(colon + 1)));
    }
    return stanzas;
}

std::string to_text(const Stanza& stanza) {
    std::string out;
    for (const auto& [name, value] : stanza.fields) {
        out += name + ":";
        bool first = true;
        for (const auto part : text::split(value, '\n')) {
            const auto line = text::trim_right(part);
            if (first)
                out += line.empty() ? "" : fmt::format(" {}", text::trim(line));
            else
                out += fmt::format("\n {}", line.empty() ? "." : line);
            first = false;
        }
        out += '\n';
    }
    return out;
}

Result<std::vector<std::vector<Relation>>> parse_relations(std::string_view text) {
    return RelationParser(text).parse();
}

std::string to_text(const Relation& relation) {
    std::string text = relation.package;
    if (!relation.architecture.empty()) text += ":" + relation.architecture;
    if (!relation.op.empty()) text += fmt::format(" ({} {})", relation.op, relation.version);
    if (!relation.architectures.empty())
        text += fmt::format(" [{}]", fmt::join(relation.architectures, " "));
    for (const auto& profile : relation.profiles) text += fmt::format(" <{}>", profile);
    return text;
}

std::string to_text(const std::vector<Relation>& alternatives) {
    return joined(alternatives, " | ");
}

std::string to_text(const std::vector<std::vector<Relation>>& relations) {
    return joined(relations, ", ");
}

}  // namespace dba
