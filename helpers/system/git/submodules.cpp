#include "system/git/submodules.hpp"

#include <algorithm>

#include "formats/text/text.hpp"

namespace dba::git {
namespace {

// A value of git-config(1): quotes, backslash escapes, comments outside quotes.
std::string parse_value(std::string_view raw) {
    std::string value;
    std::size_t keep = 0;  // trailing blanks outside quotes go
    bool quoted = false;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const char c = raw[i];
        if (c == '"') {
            quoted = !quoted;
            keep = value.size();
        } else if (c == '\\' && i + 1 < raw.size()) {
            const char escape = raw[++i];
            value += escape == 'n' ? '\n' : escape == 't' ? '\t' : escape;
            keep = value.size();
        } else if (!quoted && (c == '#' || c == ';')) {
            break;
        } else {
            value += c;
            if (quoted || (c != ' ' && c != '\t' && c != '\r')) keep = value.size();
        }
    }
    value.resize(keep);
    return value;
}

}  // namespace

Result<std::map<std::string, Submodule>> parse_gitmodules(const std::string& text) {
    std::map<std::string, std::map<std::string, std::string>> sections;
    std::string section;
    std::string_view rest(text);
    for (int number = 1; !rest.empty(); ++number) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string line(text::trim(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[') {
            const auto open = line.find('"');
            const auto close = line.rfind('"');
            const bool named = line.starts_with("[submodule") && close != open;
            section = named ? parse_value(line.substr(open, close - open + 1)) : "";
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string::npos)
            return bad_input(".gitmodules", "line " + std::to_string(number) + " has no =");
        const std::string key = text::lower(text::trim(std::string_view(line).substr(0, equals)));
        if (!section.empty())
            sections[section][key] =
                parse_value(text::trim(std::string_view(line).substr(equals + 1)));
    }
    std::map<std::string, Submodule> submodules;
    for (auto& [name, keys] : sections) {
        if (!keys["path"].empty() && !keys["url"].empty())
            submodules[keys["path"]] = {name, keys["url"]};
    }
    return submodules;
}

std::string resolve_submodule_url(const std::string& base, const std::string& url) {
    if (!url.starts_with("./") && !url.starts_with("../")) return url;
    std::string result = base;
    while (result.ends_with('/')) result.pop_back();
    std::string rest = url;
    char separator = '/';
    while (true) {
        if (rest.starts_with("./")) {
            rest.erase(0, 2);
        } else if (rest.starts_with("../")) {
            rest.erase(0, 3);
            // "host:repository" has no slash left to go up from.
            const auto cut = result.find_last_of("/:");
            if (cut == std::string::npos) return rest;
            separator = result[cut];
            result.erase(cut);
        } else {
            break;
        }
    }
    while (rest.ends_with('/')) rest.pop_back();
    return result + separator + rest;
}

}  // namespace dba::git
