// Command lines and settings as systemd writes them (systemd.service(5), "Command lines";
// systemd.syntax(7)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba::text {

// The values of every line KEY=... of a section, in order; what is reset by an empty one is left
// out.
std::vector<std::string> unit_values(std::string_view unit, std::string_view section,
                                     std::string_view key);

// The words of ExecStart= or Environment=: quotes, backslashes and C escapes (\x41) undone, "%%"
// and "$$" made one, "%i" replaced by `instance`. Variables ($NAME, ${NAME}) stay as they are
// written.
std::vector<std::string> unit_words(std::string_view value, std::string_view instance);

}  // namespace dba::text
