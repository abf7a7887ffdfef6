#include "formats/text/unit_words.hpp"

#include "formats/text/text.hpp"

namespace dba::text {

namespace {

// One character of a word, and how far it took: escapes, specifiers and doubled signs undone.
class WordReader {
 public:
    WordReader(std::string_view value, std::string_view instance)
        : value_(value), instance_(instance) {}

    std::vector<std::string> read() {
        while (at_ < value_.size()) {
            if (quote_ == '\0' && is_blank(value_[at_])) {
                end();
                ++at_;
            } else {
                take();
            }
        }
        end();
        return std::move(words_);
    }

 private:
    void end() {
        if (in_word_) words_.push_back(std::move(word_));
        word_.clear();
        in_word_ = false;
    }

    void take() {
        const char c = value_[at_++];
        const char next = at_ < value_.size() ? value_[at_] : '\0';
        in_word_ = true;
        if (quote_ != '\0' && c == quote_) {
            quote_ = '\0';
        } else if (quote_ == '\0' && (c == '"' || c == '\'')) {
            quote_ = c;
        } else if (c == '\\' && next != '\0') {
            take_escape();
        } else if (c == '%' && next == 'i') {
            word_ += instance_;
            ++at_;
        } else if ((c == '%' || c == '$') && next == c) {
            word_ += c;
            ++at_;
        } else {
            word_ += c;
        }
    }

    void take_escape() {
        const char c = value_[at_++];
        switch (c) {
            case 'n':
                word_ += '\n';
                break;
            case 't':
                word_ += '\t';
                break;
            case 'r':
                word_ += '\r';
                break;
            case 's':
                word_ += ' ';
                break;
            case 'x':
                if (at_ + 1 < value_.size() && is_hex(value_[at_]) && is_hex(value_[at_ + 1])) {
                    word_ +=
                        static_cast<char>(hex_value(value_[at_]) * 16 + hex_value(value_[at_ + 1]));
                    at_ += 2;
                }
                break;
            default:
                word_ += c;
        }
    }

    std::string_view value_, instance_;
    std::size_t at_ = 0;
    char quote_ = '\0';
    bool in_word_ = false;
    std::string word_;
    std::vector<std::string> words_;
};

}  // namespace

std::vector<std::string> unit_values(std::string_view unit, std::string_view section,
                                     std::string_view key) {
    std::vector<std::string> values;
    bool inside = false;
    Lines lines(unit);
    for (std::string_view line; lines.next(line);) {
        line = trim(line);
        if (line.starts_with('[')) {
            inside = line == "[" + std::string(section) + "]";
            continue;
        }
        const std::size_t equals = line.find('=');
        if (!inside || equals == std::string_view::npos || trim(line.substr(0, equals)) != key)
            continue;
        const std::string_view value = trim(line.substr(equals + 1));
        if (value.empty()) {
            values.clear();
        } else {
            values.emplace_back(value);
        }
    }
    return values;
}

std::vector<std::string> unit_words(std::string_view value, std::string_view instance) {
    return WordReader(value, instance).read();
}

}  // namespace dba::text
