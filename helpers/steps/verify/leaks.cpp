#include "steps/verify/leaks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "formats/binary/elf.hpp"
#include "formats/python/pyc.hpp"
#include "formats/text/text.hpp"
#include "system/files/archive.hpp"
#include "system/files/archive_members.hpp"
#include "system/files/files.hpp"

namespace dba::steps {
namespace {

constexpr std::size_t searched_components = 3;
constexpr std::size_t counted_at_most = 1000;
constexpr std::size_t random_digits = 16;  // of a scratch directory's name

// Sorted, each path once: the role that was given first is the one it has.
std::vector<SearchedDirectory> clean(std::vector<SearchedDirectory> directories) {
    for (SearchedDirectory& directory : directories)
        while (directory.path.size() > 1 && directory.path.back() == '/') directory.path.pop_back();
    std::erase_if(directories, [](const SearchedDirectory& directory) {
        return !directory.path.starts_with('/') || components(directory.path) == 0;
    });
    for (SearchedDirectory& directory : directories)
        if (components(directory.path) < searched_components && !directory.only_if_there)
            directory.only_as_path = true;
    std::stable_sort(directories.begin(), directories.end(),
                     [](const auto& a, const auto& b) { return a.path < b.path; });
    const auto last =
        std::unique(directories.begin(), directories.end(), [](auto& kept, const auto& other) {
            if (kept.path != other.path) return false;
            kept.only_as_path = kept.only_as_path && other.only_as_path;
            kept.only_if_there = kept.only_if_there && other.only_if_there;
            return true;
        });
    directories.erase(last, directories.end());
    return directories;
}

// A path of the package matters only where some searched directory may be a part of it.
std::vector<std::string> relevant(std::vector<std::string> own,
                                  const std::vector<SearchedDirectory>& directories) {
    std::erase_if(own, [&](const std::string& path) {
        return path.empty() ||
               std::none_of(directories.begin(), directories.end(),
                            [&](const SearchedDirectory& directory) {
                                return path.find(directory.path) != std::string::npos;
                            });
    });
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    return own;
}

std::string kind_of(const std::string& name, std::string_view bytes) {
    if (name.ends_with(".pyc")) return ".pyc";
    if (looks_like_elf(bytes)) return "ELF string";
    if (bytes.starts_with("#!")) return "script";
    if (bytes.substr(0, 8192).find('\0') != std::string_view::npos) return "binary";
    return "text";
}

// Files whose text holds paths that something will follow.
bool holds_paths(const std::string& path) {
    const std::string name = text::file_name(path);
    return name.ends_with(".pth") || name == "RECORD" || name == "direct_url.json" ||
           name == "pyvenv.cfg" || name.starts_with("_sysconfigdata") ||
           name.starts_with("_sysconfig_vars") ||
           (name == "Makefile" && path.find("/config-3") != std::string::npos);
}

// Whether what `text` names below the directory that it begins with is on this machine: by the
// names that a slash follows, since strings of a binary have no other end.
bool is_there(std::string_view text, const std::string& directory) {
    constexpr std::size_t told_below = 2;  // the directory itself, or its bin, everybody names
    constexpr std::size_t longest = 4096;
    const std::string_view rest = text.substr(0, longest);
    const std::size_t end =
        std::min(rest.find_first_of(std::string_view("\0\n\r\t\"'<>|*?", 11)), rest.size());
    const std::size_t slash = rest.substr(0, end).rfind('/');
    if (slash == std::string_view::npos || slash <= directory.size()) return false;
    const std::string_view named = rest.substr(0, slash);
    return components(named) >= components(directory) + told_below && path_exists(named);
}

}  // namespace

// Where in a file of the package the gate is at.
struct LeakGate::Judging {
    const LayerEntry& entry;
    Findings& findings;
    Findings& warnings;
    std::size_t at_most = unpacked_always;
    std::size_t budget = at_most;
    int depth = 0;
    std::string members = {};  // the way to the member, "a.whl/b.txt"; "" for the file itself
    std::string archive = {};  // what it is a member of, "zip"
};

LeakGate::LeakGate(std::vector<SearchedDirectory> directories, std::vector<std::string> own)
    : directories_(clean(std::move(directories))),
      own_(relevant(std::move(own), directories_)),
      everywhere_({}),
      paths_({}) {
    for (const std::string& path : own_)
        for (SpelledPath& spelled : spellings_of(path))
            own_spelled_.emplace_back(spelled.spelling, std::move(spelled.bytes));
    // What is below another directory is found with that one.
    std::vector<std::string> outermost, paths;
    std::string above;
    for (std::size_t i = 0; i < directories_.size(); ++i) {
        const SearchedDirectory& directory = directories_[i];
        const bool is_long = !directory.only_as_path;
        const bool searched = is_long && (above.empty() || !text::is_within(directory.path, above));
        if (searched) above = directory.path;
        for (const SpelledPath& spelled : spellings_of(directory.path)) {
            (is_long ? long_ : short_).push_back({spelled.bytes, spelled.spelling, i});
            if (searched) outermost.push_back(spelled.bytes);
            if (!is_long) paths.push_back(spelled.bytes);
        }
    }
    outermost.emplace_back(scratch_marker);
    everywhere_ = PatternSearch(std::move(outermost));
    paths_ = PatternSearch(std::move(paths));
}

// Whether the text at `offset` is a part of one of the package's own paths.
bool LeakGate::is_own(std::string_view text, std::size_t offset, const Spelled& spelled) const {
    for (const auto& [spelling, path] : own_spelled_) {
        if (spelling != spelled.spelling && spelling != Spelling::plain) continue;
        for (std::size_t at = path.find(spelled.bytes); at != std::string::npos;
             at = path.find(spelled.bytes, at + 1))
            if (at <= offset && text.substr(offset - at).starts_with(path) &&
                path_ends(text, offset - at + path.size(), spelled.spelling))
                return true;
    }
    return false;
}

bool LeakGate::names_directory(std::string_view text, std::size_t offset,
                               const Spelled& spelled) const {
    if (!text.substr(offset).starts_with(spelled.bytes) ||
        !path_ends(text, offset + spelled.bytes.size(), spelled.spelling))
        return false;
    // "x/tmp" does not name /tmp; "-I/home/me/build" does name /home/me/build.
    if (components(directories_[spelled.directory].path) < searched_components && offset > 0 &&
        (goes_on_a_name(text[offset - 1]) || text[offset - 1] == '.'))
        return false;
    if (directories_[spelled.directory].only_if_there &&
        (spelled.spelling != Spelling::plain || !is_there(text.substr(offset), spelled.bytes)))
        return false;
    return !is_own(text, offset, spelled);
}

// When directories lie within one another, the innermost is reported: it says most.
bool LeakGate::innermost(std::string_view text, std::size_t offset,
                         const std::vector<Spelled>& spelled, Hit& hit) const {
    hit.length = 0;
    for (const Spelled& one : spelled) {
        if (one.bytes.size() <= hit.length || !names_directory(text, offset, one)) continue;
        hit = {one.directory, one.spelling, offset, one.bytes.size(), {}};
    }
    return hit.length != 0;
}

LeakGate::Hits LeakGate::search_everywhere(std::string_view text) const {
    Hits hits;
    std::size_t counted = SIZE_MAX;  // one place counts once, however many patterns begin there
    std::size_t reported_until = 0;  // a scratch directory inside a named one is no second leak
    for (const Match& match : everywhere_.find(text, counted_at_most)) {
        if (match.offset == counted) continue;
        Hit hit;
        if (match.pattern + 1 == everywhere_.patterns().size()) {
            const std::string_view name =
                text.substr(match.offset, scratch_marker.size() + random_digits);
            if (match.offset < reported_until ||
                name.size() < scratch_marker.size() + random_digits ||
                !text::all_of(name.substr(scratch_marker.size()), text::is_hex))
                continue;
            hit.offset = match.offset;
            hit.scratch = name.substr(1);
        } else {
            if (!innermost(text, match.offset, long_, hit)) continue;
            reported_until = match.offset + hit.length + 4096;
        }
        counted = match.offset;
        if (++hits.count == 1) hits.first = std::move(hit);
    }
    return hits;
}

LeakGate::Hits LeakGate::search_paths(std::string_view text) const {
    Hits hits;
    std::size_t counted = SIZE_MAX;
    for (const Match& match : paths_.find(text, counted_at_most)) {
        Hit hit;
        if (match.offset == counted || !innermost(text, match.offset, short_, hit)) continue;
        counted = match.offset;
        if (++hits.count == 1) hits.first = std::move(hit);
    }
    return hits;
}

void LeakGate::tell(Judging& judging, const std::string& kind, const Hits& hits) const {
    if (hits.count == 0) return;
    std::string what = kind;
    if (!judging.archive.empty()) {
        what = fmt::format("{} member \"{}\"", judging.archive, judging.members);
        if (kind != "text" && kind != "binary") what += fmt::format(" ({})", kind);
    }
    const Hit& hit = hits.first;
    std::string message;
    if (hit.scratch.empty()) {
        const SearchedDirectory& directory = directories_[hit.directory];
        message = fmt::format("{} names the {} \"{}\"", what, directory.role, directory.path);
        if (const auto how = describe(hit.spelling); !how.empty())
            message += fmt::format(" ({})", how);
    } else {
        message = fmt::format("{} names a temporary directory, \"{}\"", what, hit.scratch);
    }
    message += fmt::format(" at byte {}", hit.offset);
    if (hits.count > 1) message += ", and " + text::counted(hits.count - 1, "more time");
    judging.findings.push_back(
        {"leak", judging.entry.path, std::move(message),
         "what made this file wrote the build's place into it; leave it out with EXCLUDE, have it "
         "made with a path of the package, or allow it with LEAK_WAIVER and a reason"});
}

void LeakGate::check_members(Judging& judging, const std::string& name,
                             std::string_view bytes) const {
    const ArchiveKind kind = archive_kind(bytes);
    if (kind == ArchiveKind::none) return;
    const auto too_much = [&](const std::string& what) {
        judging.warnings.push_back(
            {"leak", judging.entry.path,
             fmt::format("{}{}: not searched for directories of the build", what,
                         judging.members.empty() ? "" : " in its member " + judging.members),
             ""});
    };
    if (judging.depth == deepest_archive)
        return too_much(fmt::format("archives more than {} deep", deepest_archive));
    const std::string above = judging.members;
    const std::string above_kind = judging.archive;
    ++judging.depth;
    const bool whole =
        visit_members(bytes, judging.budget, [&](const Member& member, std::string_view content) {
            // "a.txt" for what is in a.txt.gz.
            const std::string inner = member.name.empty()
                                          ? text::file_name(name.substr(0, name.rfind('.')))
                                          : member.name;
            judging.members = above.empty() ? inner : above + "/" + inner;
            judging.archive = describe(kind);
            tell(judging, "file name", search_everywhere(member.name));
            tell(judging, "symbolic link", search_everywhere(member.link_target));
            check_bytes(judging, inner, content);
        });
    --judging.depth;
    judging.members = above;
    judging.archive = above_kind;
    // A damaged archive is data like any other: its bytes are searched too.
    if (!whole) too_much(fmt::format("more than {} MiB when unpacked", judging.at_most >> 20U));
}

void LeakGate::check_paths(Judging& judging, const std::string& name,
                           std::string_view bytes) const {
    if (short_.empty()) return;
    const auto tell_within = [&](const std::string& kind, std::string_view path) {
        Hits hits = search_paths(path);
        if (hits.count == 0) return false;
        const std::size_t at = bytes.find(path);
        hits.first.offset += at == std::string_view::npos ? 0 : at;
        tell(judging, kind, hits);
        return true;
    };
    if (holds_paths(name)) {
        tell(judging, kind_of(name, bytes), search_paths(bytes));
    } else if (bytes.starts_with("#!")) {
        tell_within("shebang", bytes.substr(0, bytes.find('\n')));
    } else if (name.ends_with(".pyc")) {
        if (search_paths(bytes).count == 0) return;  // most: spares reading their code objects
        const auto compiled = parse_pyc(bytes, name);
        if (!compiled) return;
        for (const std::string& file : compiled->file_names)
            if (tell_within(".pyc", file)) return;
    } else if (looks_like_elf(bytes)) {
        const auto info = parse_elf(bytes, name);
        if (!info) return;
        std::vector<std::string> paths = info->rpath;
        paths.insert(paths.end(), info->runpath.begin(), info->runpath.end());
        paths.push_back(info->interpreter);
        for (const std::string& path : paths)
            if (tell_within("RPATH", path)) return;
    }
}

void LeakGate::check_bytes(Judging& judging, const std::string& name,
                           std::string_view bytes) const {
    // A name in a member is reported for the member, and not for the archive's bytes as well.
    const std::size_t before = judging.findings.size();
    check_members(judging, name, bytes);
    if (judging.findings.size() != before) return;
    const Hits hits = search_everywhere(bytes);
    if (hits.count != 0) return tell(judging, kind_of(name, bytes), hits);
    check_paths(judging, name, bytes);
}

void LeakGate::judge(const LayerEntry& entry, std::string_view bytes, Findings& findings,
                     Findings& warnings) const {
    const std::size_t at_most =
        std::min(unpacked_at_most, unpacked_always + unpacked_ratio * bytes.size());
    Judging judging{.entry = entry,
                    .findings = findings,
                    .warnings = warnings,
                    .at_most = at_most,
                    .budget = at_most};
    tell(judging, "file name", search_everywhere(entry.path));
    if (entry.kind == EntryKind::symlink) {
        const Hits hits = search_everywhere(entry.link_target);
        tell(judging, "symbolic link", hits.count != 0 ? hits : search_paths(entry.link_target));
    }
    if (entry.kind == EntryKind::file) check_bytes(judging, entry.path, bytes);
}

}  // namespace dba::steps
