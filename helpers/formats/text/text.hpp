// Small helpers of this room for taking text apart. ASCII only, whatever the locale is.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dba::text {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_alpha(char c) {
    return is_lower(c) || is_upper(c);
}
constexpr bool is_alnum(char c) {
    return is_alpha(c) || is_digit(c);
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
constexpr bool is_space(char c) {
    return is_blank(c) || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}
constexpr char to_lower(char c) {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char to_upper(char c) {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}
// The value of a hexadecimal digit; -1 for any other character.
constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
constexpr bool is_hex(char c) {
    return hex_value(c) >= 0;
}

// Whether the predicate holds for every character; it does for "".
template <class Predicate>
bool all_of(std::string_view text, Predicate holds) {
    for (const char c : text)
        if (!holds(c)) return false;
    return true;
}

// [A-Za-z_][A-Za-z0-9_]*
bool is_variable_name(std::string_view name);

// The decimal number that the text begins with; 0 where there is none, or none that an int holds.
int leading_number(std::string_view text);

std::string lower(std::string_view text);
std::string hex(std::string_view bytes);  // two small digits a byte
// "1 file", "2 files"
std::string counted(std::size_t count, std::string_view what);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);        // both ends, any white space
std::string_view trim_right(std::string_view text);  // the end only

// The parts between separators, empty ones too; "" gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);
// The runs of other characters than white space.
std::vector<std::string_view> words(std::string_view text);

// Takes text apart line by line: "\n" and "\r\n" end a line, a last one may lack its end.
class Lines {
 public:
    explicit Lines(std::string_view text) : rest_(text) {}
    // The next line without its end; false when there is none.
    bool next(std::string_view& line);
    [[nodiscard]] std::size_t number() const { return number_; }  // of the last line, from 1

 private:
    std::string_view rest_;
    std::size_t number_ = 0;
};

// What follows the last slash of a path; "" when it ends in one.
std::string file_name(std::string_view path);

// The directory of a path: "/usr" of "/usr/lib", "/" of "/usr", "" of "usr".
std::string directory_name(std::string_view path);
// Whether an absolute path lies below a directory, which has no slash at its end unless it is "/".
bool is_below(std::string_view path, std::string_view directory);
// The same, or it is the directory itself.
bool is_within(std::string_view path, std::string_view directory);
// The directories that a PATH names. An empty part would be the current directory, whose programs
// no build wants: it is left out.
std::vector<std::string> search_path(std::string_view path);

// RFC 3986: what it leaves unreserved stays, and what is in `also`; the hex digits A to F are
// capitals, or small letters.
std::string percent_encoded(std::string_view text, std::string_view also, bool upper = true);
// A '%' that is not followed by two hex digits stays as it is.
std::string percent_decoded(std::string_view text);
// "/a b" <-> "file:///a%20b" (RFC 8089). What is no file URL is taken for a path;
// the fragment of one is left out.
std::string file_url(std::string_view path);
std::string path_of_file_url(std::string_view url);

// `text` in single quotes for an error message: control characters as \xNN, cut
// after 60 bytes.
std::string quote(std::string_view text);

}  // namespace dba::text
