#include "steps/render/licences.hpp"

#include <algorithm>
#include <array>

#include "formats/debian/version.hpp"
#include "formats/text/glob.hpp"
#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

// How many bytes the UTF-8 character at the start has; 0 when it is none (RFC 3629, without its
// rules for overlong forms and surrogates, which no text in another encoding looks like).
std::size_t character_length(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xc2 ? 0
                               : first < 0xe0 ? 2
                               : first < 0xf0 ? 3
                               : first < 0xf5 ? 4
                                              : 0;
    if (length == 0 || bytes.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(bytes[i]) & 0xc0U) != 0x80U) return 0;
    return length;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t length = character_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

// What follows ".dist-info/" of the application's own distribution; "" for any other file.
std::string in_own_info(const std::string& path, const std::string& project) {
    const std::size_t info = path.find(".dist-info/");
    if (info == std::string::npos) return "";
    const std::string name = text::file_name(path.substr(0, info));
    if (normalise_distribution(name.substr(0, name.find('-'))) != normalise_distribution(project))
        return "";
    return path.substr(info + std::string_view(".dist-info/").size());
}

bool is_licence(const std::string& inside) {
    static constexpr std::array globs{"licenses/**", "LICENSE*", "LICENCE*", "COPYING*", "NOTICE*"};
    return std::any_of(globs.begin(), globs.end(),
                       [&](const char* glob) { return glob_match(glob, inside); });
}

}  // namespace

std::string as_utf8(std::string_view bytes) {
    if (is_utf8(bytes)) return std::string(bytes);
    std::string text;
    for (const char byte : bytes) {
        const auto code = static_cast<unsigned char>(byte);
        if (code < 0x80) {
            text += byte;
        } else {
            text += static_cast<char>(0xc0U | (code >> 6U));
            text += static_cast<char>(0x80U | (code & 0x3fU));
        }
    }
    return text;
}

Result<std::string> licences_of_application(const Manifest& manifest,
                                            const std::vector<Layer>& layers) {
    std::string all;
    for (const Layer& layer : layers)
        for (const LayerEntry& entry : layer.entries) {
            if (entry.kind != EntryKind::file ||
                !is_licence(in_own_info(entry.path, manifest.project.name)))
                continue;
            TRY_ASSIGN(const std::string bytes, read_file(layer.file(entry)));
            if (!all.empty()) all += "\n";
            all += as_utf8(bytes);
            if (!all.ends_with('\n')) all += '\n';
        }
    return all;
}

}  // namespace dba::steps
