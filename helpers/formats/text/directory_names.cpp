#include "formats/text/directory_names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "formats/text/spelling.hpp"
#include "formats/text/text.hpp"

namespace dba {
namespace {

bool is_plain(char byte) {
    return text::is_alnum(byte) || std::string_view("-._~").find(byte) != std::string_view::npos;
}

// As shells, make, pkg-config and CMake escape what would end a word.
std::string backslashed_unless_safe(std::string_view path) {
    std::string escaped;
    for (const char byte : path) {
        const bool safe = is_plain(byte) || static_cast<unsigned char>(byte) >= 0x80 ||
                          byte == '/' ||
                          std::string_view("@%+=:,").find(byte) != std::string_view::npos;
        if (!safe) escaped += '\\';
        escaped += byte;
    }
    return escaped;
}

// As the inside of a JSON, Python or C string; "" for what JSON cannot hold.
std::string in_string(const std::string& path, bool ascii) {
    try {
        const std::string quoted = nlohmann::json(path).dump(-1, ' ', ascii);
        return quoted.substr(1, quoted.size() - 2);
    } catch (const nlohmann::json::exception&) {
        return {};
    }
}

std::string with_slash(std::string path, const std::string& slash) {
    for (std::size_t at = 0; (at = path.find('/', at)) != std::string::npos; at += slash.size())
        path.replace(at, 1, slash);
    return path;
}

}  // namespace

DirectoryNames::DirectoryNames(std::vector<std::string> directories)
    : directories_(std::move(directories)), search_(spell(directories_, spellings_)) {}

std::vector<std::string> DirectoryNames::spell(const std::vector<std::string>& directories,
                                               std::vector<Spelling>& spellings) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < directories.size(); ++i) {
        const std::string& plain = directories[i];
        const auto add = [&](std::string text, const char* slash) {
            if (text.empty() || std::find(texts.begin(), texts.end(), text) != texts.end()) return;
            texts.push_back(std::move(text));
            spellings.push_back({i, slash});
        };
        add(plain, "/");
        add(text::percent_encoded(plain, "/"), "/");
        add(text::percent_encoded(plain, ""), "%2F");
        add(backslashed_unless_safe(plain), "/");
        for (const bool ascii : {false, true}) {
            add(in_string(plain, ascii), "/");
            add(with_slash(in_string(plain, ascii), "\\/"), "\\/");
        }
    }
    return texts;
}

std::vector<DirectoryNames::Place> DirectoryNames::places(std::string_view text) const {
    std::vector<Place> found;
    for (const Match& match : search_.find(text)) {
        const Spelling& spelling = spellings_[match.pattern];
        Place place{match.offset, match.offset + search_.patterns()[match.pattern].size(),
                    &spelling, false};
        place.goes_on = text.substr(place.end).starts_with(spelling.slash);
        if (!place.goes_on && !path_ends(text, place.end, dba::Spelling::plain)) continue;
        if (!found.empty() && place.offset < found.back().end) {
            // When two begin together, the longer one counts.
            if (place.offset == found.back().offset && place.end > found.back().end)
                found.back() = place;
            continue;
        }
        found.push_back(place);
    }
    return found;
}

std::optional<DirectoryNames::Found> DirectoryNames::find(std::string_view text) const {
    const auto found = places(text);
    if (found.empty()) return std::nullopt;
    return Found{directories_[found.front().spelling->directory], found.front().offset};
}

std::string DirectoryNames::without(std::string_view text) const {
    return moved(text, "");
}

std::string DirectoryNames::moved(std::string_view text, std::string_view to) const {
    std::string result;
    std::size_t done = 0;
    for (const Place& place : places(text)) {
        result += text.substr(done, place.offset - done);
        for (const char byte : to) {
            if (byte == '/')
                result += place.spelling->slash;
            else
                result += byte;
        }
        if (to.empty() && !place.goes_on) result += place.spelling->slash;
        done = place.end;
    }
    result += text.substr(done);
    return result;
}

}  // namespace dba
