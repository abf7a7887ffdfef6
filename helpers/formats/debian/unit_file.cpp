#include "formats/debian/unit_file.hpp"

#include "formats/text/text.hpp"

namespace dba {

namespace {

// One character of a word, and how far it took: escapes, specifiers and doubled signs undone.
class WordReader {
 public:
    WordReader(std::string_view value, std::string_view instance)
        : value_(value), instance_(instance) {}

    std::vector<std::string> read() {
        while (at_ < value_.size()) {
            if (quote_ == '\0' && text::is_blank(value_[at_])) {
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
                if (at_ + 1 < value_.size() && text::is_hex(value_[at_]) &&
                    text::is_hex(value_[at_ + 1])) {
                    word_ += static_cast<char>(text::hex_value(value_[at_]) * 16 +
                                               text::hex_value(value_[at_ + 1]));
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

std::string UnitFile::value(std::string_view section, std::string_view key) const {
    std::string last;
    for (const UnitSetting& one : settings)
        if (one.section == section && one.key == key) last = one.value;
    return last;
}

std::vector<std::string> UnitFile::values(std::string_view section, std::string_view key) const {
    std::vector<std::string> all;
    for (const UnitSetting& one : settings) {
        if (one.section != section || one.key != key) continue;
        if (one.value.empty())
            all.clear();  // an empty one takes back what stood before
        else
            all.push_back(one.value);
    }
    return all;
}

UnitFile parse_unit(std::string_view text) {
    UnitFile unit;
    std::string section;
    bool goes_on = false;
    text::Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        std::string word(text::trim(line));
        if (!word.empty() && (word[0] == '#' || word[0] == ';')) continue;
        const bool more = word.ends_with('\\');
        if (more) word.pop_back();
        if (goes_on) {
            unit.settings.back().value += " " + std::string(text::trim(word));
        } else if (word.starts_with("[")) {
            section = word.substr(1, word.find(']') - 1);
        } else if (const auto at = word.find('='); at != std::string::npos) {
            unit.settings.push_back({section, std::string(text::trim(word.substr(0, at))),
                                     std::string(text::trim(word.substr(at + 1)))});
        }
        goes_on = more && !unit.settings.empty();
    }
    return unit;
}

std::vector<std::string> unit_words(std::string_view value, std::string_view instance) {
    return WordReader(value, instance).read();
}

}  // namespace dba
