#include "formats/python/pep440.hpp"

#include <array>
#include <utility>

#include "formats/text/text.hpp"

namespace dba {
namespace {

std::string without_leading_zeros(std::string_view digits) {
    const auto first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

constexpr bool is_separator(char c) {
    return c == '.' || c == '-' || c == '_';
}

class Cursor {
 public:
    explicit Cursor(std::string_view lower_case) : rest_(lower_case) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    bool take(std::string_view token) {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }
    std::string_view take_while(bool (*wanted)(char)) {
        std::size_t length = 0;
        while (length < rest_.size() && wanted(rest_[length])) ++length;
        const auto taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    std::string_view digits() {
        return take_while([](char c) { return text::is_digit(c); });
    }
    void take_separator() {
        if (!rest_.empty() && is_separator(rest_[0])) rest_.remove_prefix(1);
    }
    // [-_.]?WORD[-_.]?[0-9]*: the word's place in `words` and its number, "0" when it has none.
    template <std::size_t N>
    std::optional<std::pair<std::size_t, std::string>> labelled(
        const std::array<std::string_view, N>& words) {
        Cursor ahead = *this;
        ahead.take_separator();
        for (std::size_t i = 0; i < N; ++i) {
            if (!ahead.take(words[i])) continue;
            ahead.take_separator();
            std::string number = without_leading_zeros(ahead.digits());
            *this = ahead;
            return std::pair{i, std::move(number)};
        }
        return std::nullopt;
    }

 private:
    std::string_view rest_;
};

bool parse_release(Cursor& cursor, Pep440& version) {
    auto number = cursor.digits();
    if (number.empty()) return false;
    if (cursor.take("!")) {
        version.epoch = without_leading_zeros(number);
        number = cursor.digits();
        if (number.empty()) return false;
    }
    version.release.push_back(without_leading_zeros(number));
    for (;;) {
        Cursor ahead = cursor;
        if (!ahead.take(".")) return true;
        number = ahead.digits();
        if (number.empty()) return true;
        version.release.push_back(without_leading_zeros(number));
        cursor = ahead;
    }
}

void parse_suffixes(Cursor& cursor, Pep440& version) {
    // Longer words before those they begin with, as in the expression of the PEP.
    static constexpr std::array<std::string_view, 8> pre_words = {"alpha",   "a",   "beta", "b",
                                                                  "preview", "pre", "c",    "rc"};
    static constexpr std::array<std::string_view, 8> pre_kinds = {"a",  "a",  "b",  "b",
                                                                  "rc", "rc", "rc", "rc"};
    static constexpr std::array<std::string_view, 3> post_words = {"post", "rev", "r"};
    static constexpr std::array<std::string_view, 1> dev_words = {"dev"};
    if (auto pre = cursor.labelled(pre_words)) {
        version.pre_kind = pre_kinds[pre->first];
        version.pre_number = std::move(pre->second);
    }
    Cursor ahead = cursor;
    std::string_view number;
    if (ahead.take("-") && !(number = ahead.digits()).empty()) {
        version.post = without_leading_zeros(number);
        cursor = ahead;
    } else if (auto post = cursor.labelled(post_words)) {
        version.post = std::move(post->second);
    }
    if (auto dev = cursor.labelled(dev_words)) version.dev = std::move(dev->second);
}

bool parse_local(Cursor& cursor, Pep440& version) {
    if (!cursor.take("+")) return true;
    for (;;) {
        const auto segment = cursor.take_while([](char c) { return text::is_alnum(c); });
        if (segment.empty()) return false;
        const bool numeric = segment.find_first_not_of("0123456789") == std::string_view::npos;
        version.local += numeric ? without_leading_zeros(segment) : std::string(segment);
        if (cursor.at_end()) return true;
        if (!cursor.take(".") && !cursor.take("-") && !cursor.take("_")) return false;
        version.local += '.';
    }
}

}  // namespace

std::optional<Pep440> parse_pep440(std::string_view version) {
    const std::string lower_case = text::lower(text::trim(version));
    Cursor cursor(lower_case);
    cursor.take("v");
    Pep440 parsed;
    if (!parse_release(cursor, parsed)) return std::nullopt;
    parse_suffixes(cursor, parsed);
    if (!parse_local(cursor, parsed) || !cursor.at_end()) return std::nullopt;
    return parsed;
}

std::string Pep440::release_text() const {
    std::string text;
    for (const auto& number : release) text += (text.empty() ? "" : ".") + number;
    return text;
}

std::string Pep440::text() const {
    std::string text;
    if (epoch != "0") text += epoch + "!";
    text += release_text();
    text += pre_kind + pre_number;
    if (post) text += ".post" + *post;
    if (dev) text += ".dev" + *dev;
    if (!local.empty()) text += "+" + local;
    return text;
}

}  // namespace dba
