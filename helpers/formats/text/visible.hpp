// Text from outside as a terminal may be given it: what would steer the terminal, or pass for
// lines of this program's own, is shown as an escape.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dba::text {

// A value on one line. C0, DEL, C1, line separators, the controls of bidirectional text and bytes
// that are no UTF-8 become \n, \xNN or \uNNNN; a backslash stays as it is.
std::string visible(std::string_view text);

// The same of a text of several lines: newlines and tabs stay, and every line but the first begins
// with `indent` blanks.
std::string visible_lines(std::string_view text, std::size_t indent = 0);

// JSON, whose own escapes serve: \u007f for what it leaves as it is.
std::string visible_json(std::string_view json);

}  // namespace dba::text
