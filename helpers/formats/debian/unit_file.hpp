// Units of systemd: sections, keys and values (systemd.syntax(7)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dba {

struct UnitSetting {
    std::string section;  // "Service"
    std::string key;
    std::string value;  // continued lines joined
};

struct UnitFile {
    std::vector<UnitSetting> settings;  // in the file's order

    // The last value; "" without one.
    [[nodiscard]] std::string value(std::string_view section, std::string_view key) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view section,
                                                  std::string_view key) const;
};

UnitFile parse_unit(std::string_view text);

// The words of ExecStart= or Environment= (systemd.service(5), "Command lines"): quotes,
// backslashes and escapes (\x41) undone, "%%" and "$$" made one, "%i" replaced by `instance`.
// Variables ($NAME,
// ${NAME}) stay as they are written.
std::vector<std::string> unit_words(std::string_view value, std::string_view instance);

}  // namespace dba
