#include "formats/python/marker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/debian/version.hpp"
#include "formats/python/pep440.hpp"
#include "formats/python/requirement.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

struct Operand {
    bool literal = false;
    std::string text;  // the literal's value, or the variable's name
};

// The names that PEP 345 and setuptools had for some variables.
std::string modern_name(const std::string& name) {
    if (name == "os.name") return "os_name";
    if (name == "sys.platform") return "sys_platform";
    if (name == "platform.version") return "platform_version";
    if (name == "platform.machine") return "platform_machine";
    if (name == "platform.python_implementation" || name == "python_implementation")
        return "platform_python_implementation";
    return name;
}

bool is_set(const Operand& operand) {
    return !operand.literal && (operand.text == "extra" || operand.text == "extras" ||
                                operand.text == "dependency_groups");
}

constexpr int deepest = 100;  // parentheses: metadata is not ours

class Marker {
 public:
    Marker(std::string_view text, const MarkerContext& context)
        : whole_(text), rest_(text), context_(context) {}

    Result<bool> value() {
        TRY_ASSIGN(const bool value, any());
        skip();
        if (!rest_.empty()) return none();
        return value;
    }

 private:
    [[nodiscard]] Failure none() const {
        return bad_input(std::string(text::trim(whole_)), "is no environment marker (PEP 508)");
    }
    void skip() { rest_ = text::trim(rest_); }
    bool take_word(std::string_view word) {
        skip();
        if (!rest_.starts_with(word)) return false;
        if (rest_.size() > word.size() && (text::is_alnum(rest_[word.size()]) ||
                                           rest_[word.size()] == '_' || rest_[word.size()] == '.'))
            return false;
        rest_.remove_prefix(word.size());
        return true;
    }
    bool take(std::string_view token) {
        skip();
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    Result<bool> any() {
        TRY_ASSIGN(bool value, all());
        while (take_word("or")) {
            TRY_ASSIGN(const bool other, all());
            value = value || other;
        }
        return value;
    }
    Result<bool> all() {
        TRY_ASSIGN(bool value, one());
        while (take_word("and")) {
            TRY_ASSIGN(const bool other, one());
            value = value && other;
        }
        return value;
    }
    Result<bool> one() {
        if (take("(")) {
            if (++depth_ > deepest) return none();
            TRY_ASSIGN(const bool value, any());
            if (!take(")")) return none();
            --depth_;
            return value;
        }
        TRY_ASSIGN(const Operand left, operand());
        TRY_ASSIGN(const std::string sign, comparison());
        TRY_ASSIGN(const Operand right, operand());
        if (left.literal && right.literal) return none();
        return judge(left, sign, right);
    }
    Result<Operand> operand() {
        skip();
        if (rest_.starts_with('"') || rest_.starts_with('\'')) {
            const auto end = rest_.find(rest_.front(), 1);
            if (end == rest_.npos) return none();
            Operand found{true, std::string(rest_.substr(1, end - 1))};
            rest_.remove_prefix(end + 1);
            return found;
        }
        std::size_t end = 0;
        while (end < rest_.size() &&
               (text::is_alnum(rest_[end]) || rest_[end] == '_' || rest_[end] == '.'))
            ++end;
        Operand found{false, modern_name(std::string(rest_.substr(0, end)))};
        rest_.remove_prefix(end);
        if (!is_set(found) && !context_.environment.contains(found.text)) return none();
        return found;
    }
    Result<std::string> comparison() {
        for (const std::string_view sign : {"===", "~=", "==", "!=", "<=", ">=", "<", ">"})
            if (take(sign)) return std::string(sign);
        if (take_word("in")) return std::string("in");
        if (take_word("not") && take_word("in")) return std::string("not in");
        return none();
    }

    [[nodiscard]] std::string value_of(const Operand& operand) const {
        return operand.literal ? operand.text : context_.environment.at(operand.text);
    }
    // Extras and groups compare by their normalised names (PEP 685, PEP 735).
    [[nodiscard]] bool is_chosen(const Operand& set, const std::string& name) const {
        const auto& chosen = set.text == "dependency_groups" ? context_.groups : context_.extras;
        return std::any_of(chosen.begin(), chosen.end(), [&](const std::string& one) {
            return normalise_distribution(one) == normalise_distribution(name);
        });
    }

    Result<bool> judge(const Operand& left, const std::string& sign, const Operand& right) const {
        if (is_set(left) || is_set(right)) {
            const Operand& set = is_set(left) ? left : right;
            const Operand& name = is_set(left) ? right : left;
            if (!name.literal) return none();
            if (sign == "==" || sign == "in") return is_chosen(set, name.text);
            if (sign == "!=" || sign == "not in") return !is_chosen(set, name.text);
            return none();
        }
        const std::string a = value_of(left);
        const std::string b = value_of(right);
        if (sign == "in") return b.find(a) != b.npos;
        if (sign == "not in") return b.find(a) == b.npos;
        // As versions where both are, else as text.
        if (parse_pep440(a)) {
            if (const auto allowed = specifiers_allow(sign + b, a)) return *allowed;
        }
        if (sign == "==" || sign == "===") return a == b;
        if (sign == "!=") return a != b;
        if (sign == "<") return a < b;
        if (sign == "<=") return a <= b;
        if (sign == ">") return a > b;
        if (sign == ">=") return a >= b;
        return none();
    }

    std::string_view whole_, rest_;
    const MarkerContext& context_;
    int depth_ = 0;
};

}  // namespace

Result<bool> marker_holds(std::string_view marker, const MarkerContext& context) {
    if (text::trim(marker).empty()) return true;
    return Marker(marker, context).value();
}

}  // namespace dba
