#include "formats/text/glob.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <utility>
#include <vector>

namespace dba {
namespace {

enum class Kind {
    one_of,       // one byte out of a set
    star,         // any bytes but '/'
    globstar,     // any bytes
    directories,  // "**/": nothing, or any bytes up to and with a '/'
};

struct Token {
    Kind kind = Kind::one_of;
    std::bitset<256> set;
};

std::size_t index_of(char c) {
    return static_cast<unsigned char>(c);
}

Token literal(char c) {
    Token token;
    token.set.set(index_of(c));
    return token;
}

// Reads "[...]" at `at`; returns the offset behind it, or `at` when it is never closed.
std::size_t parse_class(std::string_view pattern, std::size_t at, Token& token) {
    std::size_t i = at + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    if (negated) ++i;
    const auto first = i;
    for (; i < pattern.size(); ++i) {
        if (pattern[i] == ']' && i > first) {
            if (negated) token.set.flip();
            token.set.reset(index_of('/'));
            return i + 1;
        }
        if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
        const auto low = index_of(pattern[i]);
        auto high = low;
        if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
            i += 2;
            if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
            high = index_of(pattern[i]);
        }
        for (auto byte = low; byte <= high; ++byte) token.set.set(byte);
    }
    token.set.reset();
    return at;
}

std::vector<Token> compile(std::string_view pattern) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < pattern.size();) {
        const char c = pattern[i];
        Token token;
        if (c == '*') {
            const bool starts_component = i == 0 || pattern[i - 1] == '/';
            auto stars_end = i;
            while (stars_end < pattern.size() && pattern[stars_end] == '*') ++stars_end;
            token.kind = stars_end - i == 1 ? Kind::star : Kind::globstar;
            i = stars_end;
            if (token.kind == Kind::globstar && starts_component && i < pattern.size() &&
                pattern[i] == '/') {
                token.kind = Kind::directories;
                ++i;
            }
        } else if (c == '?') {
            token.set.set().reset(index_of('/'));
            ++i;
        } else if (const auto end = c == '[' ? parse_class(pattern, i, token) : i; end > i) {
            i = end;
        } else {
            if (c == '\\' && i + 1 < pattern.size()) ++i;
            token = literal(pattern[i]);
            ++i;
        }
        tokens.push_back(token);
    }
    return tokens;
}

}  // namespace

// Keeps, for each prefix of the pattern, the set of prefixes of the path that it matches: time is
// the product of the two lengths whatever the pattern, where backtracking would be exponential.
bool glob_match(std::string_view pattern, std::string_view path) {
    std::vector<char> matched(path.size() + 1, 0);
    matched[0] = 1;
    for (const Token& token : compile(pattern)) {
        std::vector<char> next(path.size() + 1, 0);
        bool open = false;  // some earlier prefix matched, and the token may still be growing
        for (std::size_t i = 0; i <= path.size(); ++i) {
            switch (token.kind) {
                case Kind::one_of:
                    next[i] = i > 0 && matched[i - 1] != 0 && token.set.test(index_of(path[i - 1]));
                    break;
                case Kind::star:
                    if (i > 0 && path[i - 1] == '/') open = false;
                    open = open || matched[i] != 0;
                    next[i] = open;
                    break;
                case Kind::globstar:
                    open = open || matched[i] != 0;
                    next[i] = open;
                    break;
                case Kind::directories:
                    next[i] = matched[i] != 0 || (open && i > 0 && path[i - 1] == '/');
                    open = open || matched[i] != 0;
                    break;
            }
        }
        matched = std::move(next);
    }
    return matched[path.size()] != 0;
}

bool names_path(std::string_view pattern, std::string_view path, std::string_view prefix) {
    if (!path.starts_with(prefix) || !path.substr(prefix.size()).starts_with('/')) return false;
    const bool absolute = pattern.starts_with('/');
    const bool named = pattern.find('/') == std::string_view::npos;
    for (std::size_t end = prefix.size(); end != std::string_view::npos;) {
        end = path.find('/', end + 1);
        const std::string_view part = path.substr(0, end);
        if (glob_match(pattern, absolute ? part
                                : named  ? part.substr(part.rfind('/') + 1)
                                         : part.substr(prefix.size() + 1)))
            return true;
    }
    return false;
}

bool any_names_path(const std::vector<std::string>& patterns, std::string_view path,
                    std::string_view prefix) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return names_path(pattern, path, prefix);
    });
}

}  // namespace dba
