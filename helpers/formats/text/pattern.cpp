#include "formats/text/pattern.hpp"

#include <regex.h>

namespace dba::text {

std::vector<std::string> match(const std::string& text, const char* pattern) {
    regex_t compiled{};
    if (::regcomp(&compiled, pattern, REG_EXTENDED) != 0) return {};
    std::vector<regmatch_t> groups(compiled.re_nsub + 1);
    std::vector<std::string> found;
    if (::regexec(&compiled, text.c_str(), groups.size(), groups.data(), 0) == 0)
        for (const regmatch_t& group : groups)
            found.push_back(group.rm_so < 0
                                ? std::string()
                                : text.substr(static_cast<std::size_t>(group.rm_so),
                                              static_cast<std::size_t>(group.rm_eo - group.rm_so)));
    ::regfree(&compiled);
    return found;
}

std::string first_group(const std::string& text, const char* pattern) {
    const auto groups = match(text, pattern);
    return groups.size() < 2 ? std::string() : groups[1];
}

}  // namespace dba::text
