#include "formats/debian/source_line.hpp"

#include "formats/text/pattern.hpp"
#include "formats/text/text.hpp"

namespace dba {

Result<void> check_source_line(const std::string& line, const std::string& subject) {
    if (!text::match(line, "://[^/?# ]*@").empty())
        return bad_input(subject, "has a URL with credentials, which would be written into files",
                         "leave them out: name a mirror that asks for none, or one that http_proxy "
                         "leads to");
    if (!text::match(line, "(^| )(file|copy|cdrom):").empty())
        return bad_input(subject + " \"" + line + "\"",
                         "is a directory of this machine, which nobody sees inside a root",
                         "serve it, for example on http://127.0.0.1:8000/");
    if (text::match(line, "^deb( +\\[[^]]*\\])? +[a-z][a-z0-9+.-]*://[^ ]+ +[^ ]+").empty())
        return bad_input(subject + " \"" + line + "\"", "is not a line of sources.list(5)",
                         "like \"deb http://deb.example.org/debian trixie main\"");
    return {};
}

std::vector<std::string> keyrings_of(const std::string& line) {
    std::vector<std::string> out;
    const std::string named =
        text::first_group(line, "^deb +\\[[^]]*signed-by=\"?([^] \"]*)[^]]*\\]");
    for (const std::string_view one : text::split(named, ','))
        if (one.starts_with('/')) out.emplace_back(one);
    return out;
}

}  // namespace dba
