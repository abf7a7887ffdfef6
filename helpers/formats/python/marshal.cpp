#include "formats/python/marshal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace dba {
namespace {

class MarshalReader {
 public:
    MarshalReader(std::string_view bytes, const CodeLayout& layout)
        : bytes_(bytes), layout_(layout) {}

    bool read() { return object(0).ok; }
    std::vector<std::string>& file_names() { return file_names_; }

 private:
    // What became of one object. Only strings are kept: nothing else can be a file name.
    struct Value {
        bool ok = false;
        bool is_null = false;  // the end of a dict
        std::optional<std::string_view> text;
    };
    static constexpr Value failed() { return {}; }
    static constexpr Value plain() { return {true, false, std::nullopt}; }

    // Far deeper than Python's compiler nests, and small enough for any stack.
    static constexpr int max_depth = 500;

    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

    bool skip(std::size_t count) {
        if (count > left()) return false;
        at_ += count;
        return true;
    }

    std::optional<unsigned> byte() {
        if (left() == 0) return std::nullopt;
        return static_cast<unsigned char>(bytes_[at_++]);
    }

    std::optional<std::int32_t> long32() {
        if (left() < 4) return std::nullopt;
        std::uint32_t value = 0;
        for (unsigned i = 0; i < 4; ++i)
            value |= std::uint32_t{static_cast<unsigned char>(bytes_[at_ + i])} << (8 * i);
        at_ += 4;
        return static_cast<std::int32_t>(value);
    }

    // A length, which is never negative nor longer than what is left.
    std::optional<std::size_t> length() {
        const auto value = long32();
        if (!value || *value < 0) return std::nullopt;
        const auto count = static_cast<std::size_t>(*value);
        if (count > left()) return std::nullopt;
        return count;
    }

    Value text(std::optional<std::size_t> size) {
        if (!size || *size > left()) return failed();
        const auto content = bytes_.substr(at_, *size);
        at_ += *size;
        return {true, false, content};
    }

    Value skipped(std::size_t count) { return skip(count) ? plain() : failed(); }

    Value objects(std::optional<std::size_t> count, int depth) {
        if (!count) return failed();
        for (std::size_t i = 0; i < *count; ++i)
            if (!object(depth).ok) return failed();
        return plain();
    }

    Value dict(int depth) {
        for (;;) {
            const Value key = object(depth);
            if (!key.ok) return failed();
            if (key.is_null) return plain();
            if (!object(depth).ok) return failed();
        }
    }

    Value code(int depth) {
        if (!skip(4 * static_cast<std::size_t>(layout_.leading_longs))) return failed();
        for (int i = 0; i < layout_.objects_before_filename; ++i)
            if (!object(depth).ok) return failed();
        const Value name = object(depth);
        if (!name.ok || !name.text) return failed();
        if (std::find(file_names_.begin(), file_names_.end(), *name.text) == file_names_.end())
            file_names_.emplace_back(*name.text);
        for (int i = 0; i < layout_.objects_after_filename; ++i)
            if (!object(depth).ok) return failed();
        if (!long32()) return failed();
        for (int i = 0; i < layout_.trailing_objects; ++i)
            if (!object(depth).ok) return failed();
        return plain();
    }

    Value reference() {
        const auto index = long32();
        if (!index || *index < 0 || static_cast<std::size_t>(*index) >= references_.size())
            return failed();
        return {true, false, references_[static_cast<std::size_t>(*index)]};
    }

    Value of_type(char type, int depth) {
        switch (type) {
            case '0':
                return {true, true, std::nullopt};  // NULL
            case 'N':
            case 'F':
            case 'T':
            case 'S':
            case '.':
                return plain();
            case 'i':
                return skipped(4);
            case 'I':
            case 'g':
                return skipped(8);
            case 'y':
                return skipped(16);
            case 'f':
                return text_number(1);
            case 'x':
                return text_number(2);
            case 'l':
                return integer();
            case 's':
            case 'u':
            case 't':
            case 'a':
            case 'A':
                return text(length());
            case 'z':
            case 'Z':
                return text(byte());
            case ')':
                return objects(byte(), depth);
            case '(':
            case '[':
            case '<':
            case '>':
                return objects(length(), depth);
            case ':':
                return objects(3, depth);  // slice, from 3.14
            case '{':
            case '}':  // frozendict, from 3.15
                return dict(depth);
            case 'c':
                return code(depth);
            case 'r':
                return reference();
            default:
                return failed();
        }
    }

    // Floats as text: a byte of length, then digits.
    Value text_number(int count) {
        for (int i = 0; i < count; ++i) {
            const auto size = byte();
            if (!size || !skip(*size)) return failed();
        }
        return plain();
    }

    // Digits of 15 bits, two bytes each; the count's sign is the number's.
    Value integer() {
        const auto count = long32();
        if (!count) return failed();
        const auto digits = static_cast<std::uint64_t>(
            *count < 0 ? -static_cast<std::int64_t>(*count) : std::int64_t{*count});
        return skipped(static_cast<std::size_t>(digits * 2));
    }

    Value object(int depth) {
        if (depth > max_depth) return failed();
        const auto head = byte();
        if (!head) return failed();
        constexpr unsigned reference_flag = 0x80;
        const bool referenced = (*head & reference_flag) != 0;
        // Containers take their number before their members do.
        const auto index = references_.size();
        if (referenced) references_.emplace_back();
        const Value value = of_type(static_cast<char>(*head & ~reference_flag), depth + 1);
        if (referenced && value.ok) references_[index] = value.text;
        return value;
    }

    std::string_view bytes_;
    const CodeLayout& layout_;
    std::size_t at_ = 0;
    std::vector<std::optional<std::string_view>> references_;
    std::vector<std::string> file_names_;
};

}  // namespace

std::optional<std::vector<std::string>> code_file_names(std::string_view bytes,
                                                        const CodeLayout& layout) {
    MarshalReader reader(bytes, layout);
    if (!reader.read()) return std::nullopt;
    return std::move(reader.file_names());
}

}  // namespace dba
