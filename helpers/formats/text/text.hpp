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

// [A-Za-z_][A-Za-z0-9_]*
bool is_variable_name(std::string_view name);

// The decimal number that the text begins with; 0 where there is none, or none that an int holds.
int leading_number(std::string_view text);

std::string lower(std::string_view text);
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

// "/a b" <-> "file:///a%20b" (RFC 8089). What is no file URL is taken for a path.
std::string file_url(std::string_view path);
std::string path_of_file_url(std::string_view url);

// `text` in single quotes for an error message: control characters as \xNN, cut
// after 60 bytes.
std::string quote(std::string_view text);

}  // namespace dba::text
