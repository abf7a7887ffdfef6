// Just enough of Python's tokens to find literals: names, strings, and each other character by
// itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dba {

struct PythonToken {
    enum Kind { name, string, other, end } kind = end;
    std::string text;         // of a string its value, escapes read only as far as quotes need it
    bool line_start = false;  // first token of a logical line with no indentation
};

class PythonTokens {
 public:
    explicit PythonTokens(std::string_view text) : text_(text) {}
    PythonToken next();

 private:
    std::string quoted();

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace dba
