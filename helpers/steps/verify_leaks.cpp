#include "steps/verify_leaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "formats/elf.hpp"
#include "formats/pyc.hpp"
#include "system/archive.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t searched_components = 3;
constexpr std::size_t counted_at_most = 1000;

std::size_t components(const std::string& path) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (path[i] != '/' && (i == 0 || path[i - 1] == '/')) ++count;
    return count;
}

// RFC 3986: as file:// URLs have it (direct_url.json).
std::string percent_encoded(const std::string& path) {
    std::string encoded;
    for (const char byte : path) {
        const auto value = static_cast<unsigned char>(byte);
        if (std::isalnum(value) != 0 ||
            std::string_view("-._~/").find(byte) != std::string_view::npos)
            encoded += byte;
        else
            encoded += fmt::format("%{:02X}", value);
    }
    return encoded;
}

std::vector<std::string> clean(std::vector<std::string> directories) {
    for (std::string& directory : directories)
        while (directory.size() > 1 && directory.back() == '/') directory.pop_back();
    std::erase_if(directories, [](const std::string& directory) {
        return !directory.starts_with('/') || components(directory) == 0;
    });
    std::sort(directories.begin(), directories.end());
    directories.erase(std::unique(directories.begin(), directories.end()), directories.end());
    return directories;
}

std::vector<std::string> patterns(const std::vector<std::string>& directories,
                                  std::size_t at_least) {
    std::vector<std::string> found;
    for (const std::string& directory : directories) {
        if (components(directory) < at_least) continue;
        found.push_back(directory);
        if (std::string encoded = percent_encoded(directory); encoded != directory)
            found.push_back(std::move(encoded));
    }
    return found;
}

bool goes_on_a_name(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return std::isalnum(value) != 0 || byte == '_' || byte == '-' || byte == '+' || byte == '~' ||
           value >= 0x80;
}

// Whether the path ends at text[end]: "/b/app" is not named by "/b/app-2" or "/b/app.old", but is
// by "/b/app." at the end of a sentence.
bool ends_there(std::string_view text, std::size_t end) {
    if (end >= text.size()) return true;
    if (text[end] == '.') return end + 1 >= text.size() || !goes_on_a_name(text[end + 1]);
    return !goes_on_a_name(text[end]);
}

std::string base_of(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_archive(std::string_view bytes) {
    return bytes.starts_with(std::string_view("PK\x03\x04", 4)) ||       // zip, wheel, egg, jar
           bytes.starts_with("\x1f\x8b") || bytes.starts_with("BZh") ||  // compressed tar
           bytes.starts_with(std::string_view("\xfd"
                                              "7zXZ\0",
                                              6)) ||
           bytes.starts_with("\x28\xb5\x2f\xfd") ||
           (bytes.size() > 262 && bytes.substr(257, 5) == "ustar");
}

std::string kind_of(const LayerEntry& entry, std::string_view bytes) {
    if (entry.path.ends_with(".pyc")) return ".pyc";
    if (looks_like_elf(bytes)) return "ELF file";
    if (bytes.starts_with("#!")) return "script";
    if (bytes.substr(0, 8192).find('\0') != std::string_view::npos) return "binary file";
    return "text file";
}

// Files whose text holds paths that something will follow.
bool holds_paths(const std::string& path) {
    const std::string name = base_of(path);
    return name.ends_with(".pth") || name == "RECORD" || name == "direct_url.json" ||
           name == "pyvenv.cfg" || name.starts_with("_sysconfigdata");
}

}  // namespace

LeakGate::LeakGate(std::vector<std::string> build_directories, std::string prefix)
    : prefix_(std::move(prefix)),
      directories_(clean(std::move(build_directories))),
      everywhere_(patterns(directories_, searched_components)),
      all_(patterns(directories_, 0)) {}

bool LeakGate::names_directory(std::string_view text, const std::string& directory,
                               std::size_t offset) const {
    if (!ends_there(text, offset + directory.size())) return false;
    // "x/tmp" does not name /tmp; "-I/home/me/build" does name /home/me/build.
    if (components(directory) < searched_components && offset > 0 &&
        (goes_on_a_name(text[offset - 1]) || text[offset - 1] == '.'))
        return false;
    const bool names_prefix = !prefix_.empty() && prefix_.starts_with(directory) &&
                              text.substr(offset).starts_with(prefix_) &&
                              ends_there(text, offset + prefix_.size());
    return !names_prefix;
}

LeakGate::Hits LeakGate::search(const PatternSearch& search, std::string_view text) const {
    Hits hits;
    std::size_t counted = SIZE_MAX;  // one place counts once, however many patterns begin there
    for (const Match& match : search.find(text, counted_at_most)) {
        const std::string& directory = search.patterns()[match.pattern];
        if (!names_directory(text, directory, match.offset)) continue;
        if (match.offset != counted) ++hits.count;
        counted = match.offset;
        // Of directories within one another the innermost is told: it says most.
        if (hits.count == 1 && directory.size() > hits.first.directory.size())
            hits.first = {directory, match.offset};
    }
    return hits;
}

void LeakGate::tell(const LayerEntry& entry, const std::string& kind, const Hits& hits,
                    Findings& findings) const {
    if (hits.count == 0) return;
    std::string message = fmt::format("{} names the build's directory \"{}\" at byte {}", kind,
                                      hits.first.directory, hits.first.offset);
    if (hits.count > 1)
        message += fmt::format(", and {} more time{}", hits.count - 1, hits.count == 2 ? "" : "s");
    findings.push_back({"leak", entry.path, std::move(message),
                        "what made this file wrote its own place into it; leave it out with "
                        "EXCLUDE, or have it made with a path of the package"});
}

void LeakGate::judge_members(const LayerEntry& entry, std::string_view bytes,
                             Findings& findings) const {
    if (!is_archive(bytes)) return;
    // A damaged archive is data like any other: its bytes were searched already.
    (void)visit_members(bytes, [&](const std::string& name, std::string_view member) {
        tell(entry, fmt::format("the name of its member \"{}\"", name), search(everywhere_, name),
             findings);
        tell(entry, fmt::format("its member \"{}\"", name), search(everywhere_, member), findings);
    });
}

void LeakGate::judge_contexts(const LayerEntry& entry, std::string_view bytes,
                              Findings& findings) const {
    if (all_.patterns().size() == everywhere_.patterns().size()) return;
    if (holds_paths(entry.path)) {
        tell(entry, "text file", search(all_, bytes), findings);
    } else if (bytes.starts_with("#!")) {
        tell(entry, "shebang", search(all_, bytes.substr(0, bytes.find('\n'))), findings);
    } else if (entry.path.ends_with(".pyc")) {
        const auto compiled = parse_pyc(bytes, entry.path);
        if (!compiled) return;
        for (const std::string& name : compiled->file_names)
            if (const Hits hits = search(all_, name); hits.count > 0)
                return tell(entry, "co_filename", hits, findings);
    } else if (looks_like_elf(bytes)) {
        const auto info = parse_elf(bytes, entry.path);
        if (!info) return;
        std::vector<std::string> paths = info->rpath;
        paths.insert(paths.end(), info->runpath.begin(), info->runpath.end());
        paths.push_back(info->interpreter);
        for (const std::string& path : paths)
            if (const Hits hits = search(all_, path); hits.count > 0)
                return tell(entry, "RPATH", hits, findings);
    }
}

void LeakGate::judge(const LayerEntry& entry, std::string_view bytes, Findings& findings) const {
    if (directories_.empty()) return;
    tell(entry, "its name", search(everywhere_, entry.path), findings);
    if (entry.kind == EntryKind::symlink)
        tell(entry, "symbolic link", search(all_, entry.link_target), findings);
    if (entry.kind != EntryKind::file) return;
    const Hits hits = search(everywhere_, bytes);
    tell(entry, kind_of(entry, bytes), hits, findings);
    if (hits.count == 0) judge_contexts(entry, bytes, findings);
    judge_members(entry, bytes, findings);
}

}  // namespace dba::steps
