#include "formats/python/opened_libraries.hpp"

#include <algorithm>
#include <map>

#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_name_character(char c) {
    return text::is_alnum(c) || c == '_';
}

// From the quote at `at` to behind the string's end; what is in it.
std::string_view take_string(std::string_view source, std::size_t& at) {
    const char quote = source[at];
    const std::string three(3, quote);
    const bool is_long = source.substr(at, 3) == three;
    const std::string end = is_long ? three : std::string(1, quote);
    at += end.size();
    const std::size_t start = at;
    while (at < source.size() && source.substr(at, end.size()) != end &&
           (is_long || source[at] != '\n'))
        at += source[at] == '\\' ? 2 : 1;
    at = std::min(at, source.size());
    const auto inside = source.substr(start, at - start);
    if (source.substr(at, end.size()) == end) at += end.size();
    return inside;
}

std::size_t skip_space(std::string_view source, std::size_t at) {
    while (at < source.size() && text::is_space(source[at])) ++at;
    return at;
}

bool is_opener(std::string_view name, bool& is_search) {
    is_search = name.ends_with("find_library");
    return is_search || name == "CDLL" || name == "PyDLL" || name == "LoadLibrary" ||
           name == "dlopen";
}

// "magic" as it is, and "libfoo.so.1"; of an unversioned "libfoo.so", which only a -dev package
// has, the name that find_library would get.
std::string library_of(std::string_view literal, bool is_search) {
    if (literal.empty() || literal.find_first_of("/\\ {%") != literal.npos) return {};
    if (literal.find(".so") == literal.npos)
        return is_search && literal.find('.') == literal.npos ? std::string(literal) : "";
    if (!literal.starts_with("lib")) return {};
    if (literal.ends_with(".so")) return std::string(literal.substr(3, literal.size() - 6));
    return std::string(literal);
}

}  // namespace

std::set<std::string> opened_libraries(std::string_view source) {
    std::set<std::string> names;
    for (std::size_t at = 0; at < source.size();) {
        const char c = source[at];
        if (c == '#') {
            at = std::min(source.find('\n', at), source.size());
            continue;
        }
        if (c == '"' || c == '\'') {
            take_string(source, at);
            continue;
        }
        if (!is_name_character(c)) {
            ++at;
            continue;
        }
        const std::size_t start = at;
        while (at < source.size() && is_name_character(source[at])) ++at;
        bool is_search = false;
        if (!is_opener(source.substr(start, at - start), is_search)) continue;
        std::size_t next = skip_space(source, at);
        if (source.substr(next, 1) != "(") continue;
        next = skip_space(source, next + 1);
        if (next >= source.size() || (source[next] != '"' && source[next] != '\'')) continue;
        const auto literal = take_string(source, next);
        at = next;
        next = skip_space(source, next);
        // What is joined or formatted is no literal.
        if (next < source.size() && source[next] != ')' && source[next] != ',') continue;
        if (std::string name = library_of(literal, is_search); !name.empty())
            names.insert(std::move(name));
    }
    return names;
}

const std::set<std::string>& libraries_opened_by(const std::string& distribution) {
    // Names as find_library has them, since the version is the suite's.
    static const std::map<std::string, std::set<std::string>> known = {
        {"cairocffi", {"cairo"}},        // dlopen of a list of names
        {"hid", {"hidapi-hidraw"}},      // a list of names
        {"pulsectl", {"pulse"}},         // find_library("libpulse"), or libpulse.so.0
        {"pyenchant", {"enchant-2"}},    // find_library in a loop
        {"pymediainfo", {"mediainfo"}},  // its wheel for every platform has none
        {"pyudev", {"udev"}},            // load_ctypes_library("udev", ...)
        {"pyusb", {"usb-1.0"}},          // the first of its backends
        {"pyvips", {"vips"}},            // dlopen of a variable
        {"sounddevice", {"portaudio"}},  // find_library in a loop
        {"soundfile", {"sndfile"}},      // the same
        {"wand", {"MagickWand-6.Q16", "MagickWand-7.Q16"}},  // whichever the suite has
        // dlopen by a function of its own.
        {"weasyprint", {"pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig"}},
    };
    static const std::set<std::string> none;
    const auto found = known.find(distribution);
    return found == known.end() ? none : found->second;
}

}  // namespace dba
