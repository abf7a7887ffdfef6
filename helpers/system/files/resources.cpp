#include "system/files/resources.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_name_byte(char byte) {
    return text::is_upper(byte) || byte == '_';
}

}  // namespace

std::string_view resource(std::string_view name) {
    const auto table = resource_table();
    const auto found = std::lower_bound(
        table.begin(), table.end(), name,
        [](const Resource& one, std::string_view wanted) { return one.name < wanted; });
    if (found != table.end() && found->name == name) return found->bytes;
    std::fprintf(stderr, "deb-build-app: no template named %.*s\n", static_cast<int>(name.size()),
                 name.data());
    std::abort();
}

std::string fill(std::string_view template_name, const std::map<std::string, std::string>& values) {
    const std::string_view text = resource(template_name);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '@') {
            std::size_t end = at + 1;
            while (end < text.size() && is_name_byte(text[end])) ++end;
            if (end < text.size() && text[end] == '@') {
                const auto value = values.find(std::string(text.substr(at + 1, end - at - 1)));
                if (value != values.end()) {
                    out += value->second;
                    at = end + 1;
                    continue;
                }
            }
        }
        out += text[at++];
    }
    return out;
}

}  // namespace dba
