// What the readers of TOML locks share.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

namespace dba::steps {

// The string of that name; "" when there is none.
inline std::string text_of(const toml::table& table, std::string_view key) {
    return table[key].value_or(std::string());
}

}  // namespace dba::steps
