#include "system/files/resources.hpp"

namespace dba {
namespace {

bool is_name_byte(char byte) {
    return (byte >= 'A' && byte <= 'Z') || byte == '_';
}

}  // namespace

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
