#include "formats/python/tokens.hpp"

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool starts_word(char c) {
    return text::is_alpha(c) || c == '_';
}
bool goes_on_word(char c) {
    return text::is_alnum(c) || c == '_';
}

}  // namespace

PythonToken PythonTokens::next() {
    bool line_start = at_ == 0;
    while (at_ < text_.size()) {
        const char c = text_[at_];
        if (c == '\n') {
            line_start = true;
            ++at_;
        } else if (text::is_space(c) || c == '\\') {
            if (c != '\r') line_start = false;
            ++at_;
        } else if (c == '#') {
            while (at_ < text_.size() && text_[at_] != '\n') ++at_;
        } else {
            break;
        }
    }
    PythonToken token;
    token.line_start = line_start;
    if (at_ >= text_.size()) return token;
    const char c = text_[at_];
    if (starts_word(c)) {
        const auto from = at_;
        while (at_ < text_.size() && goes_on_word(text_[at_])) ++at_;
        token.text = text_.substr(from, at_ - from);
        const bool prefix = token.text.size() <= 2 && at_ < text_.size() &&
                            (text_[at_] == '"' || text_[at_] == '\'');
        if (!prefix) {
            token.kind = PythonToken::name;
            return token;
        }
        const bool formatted = token.text.find_first_of("fFbB") != std::string::npos;
        token.text = quoted();
        token.kind = formatted ? PythonToken::other : PythonToken::string;
        return token;
    }
    if (c == '"' || c == '\'') {
        token.text = quoted();
        token.kind = PythonToken::string;
        return token;
    }
    token.kind = PythonToken::other;
    token.text = std::string(1, c);
    ++at_;
    return token;
}

std::string PythonTokens::quoted() {
    const char quote = text_[at_];
    const bool triple = text_.substr(at_, 3) == std::string(3, quote);
    const std::string close(triple ? 3 : 1, quote);
    at_ += close.size();
    std::string value;
    while (at_ < text_.size() && text_.substr(at_, close.size()) != close) {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        value += text_[at_++];
    }
    at_ = std::min(text_.size(), at_ + close.size());
    return value;
}

}  // namespace dba
