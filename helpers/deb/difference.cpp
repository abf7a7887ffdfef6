#include "deb/difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "formats/debian/control.hpp"
#include "system/files/archive.hpp"
#include "system/files/digest.hpp"
#include "system/files/files.hpp"

namespace dba::deb {
namespace {

constexpr std::size_t shown_before = 20;  // bytes shown on both sides of the first that differs
constexpr std::size_t shown_after = 40;

std::string printable(std::string_view bytes) {
    std::string text;
    for (const char c : bytes)
        text += c >= ' ' && c <= '~' ? std::string(1, c)
                                     : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    return text;
}

std::size_t first_unequal(const std::string& a, const std::string& b) {
    return static_cast<std::size_t>(
        std::mismatch(a.begin(),
                      a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())),
                      b.begin())
            .first -
        a.begin());
}

std::string kind_of(const ArchiveEntry& item) {
    if (!item.hardlink_target.empty()) return "a hard link to " + item.hardlink_target;
    if (item.entry.kind == EntryKind::symlink) return "a link to " + item.entry.link_target;
    return item.entry.kind == EntryKind::directory ? "a directory" : "a file";
}

void compare_entries(const ArchiveEntry& a, const ArchiveEntry& b,
                     std::vector<DebDifference>& found) {
    const auto differ = [&](std::string nature, bool contents = false) {
        found.push_back({a.entry.path, std::move(nature), contents});
    };
    if (kind_of(a) != kind_of(b)) return differ(kind_of(a) + ", and " + kind_of(b));
    if (a.entry.sha256 != b.entry.sha256) differ("contents", true);
    if (a.entry.mode != b.entry.mode)
        differ(fmt::format("mode {:04o}, and {:04o}", a.entry.mode, b.entry.mode));
    if (a.mtime != b.mtime) differ(fmt::format("time {}, and {}", a.mtime, b.mtime));
    const auto owner = [](const ArchiveEntry& item) {
        return fmt::format("{}:{} ({}:{})", item.owner, item.group, item.uid, item.gid);
    };
    if (owner(a) != owner(b)) differ(fmt::format("owner {}, and {}", owner(a), owner(b)));
}

// A .pyc follows from its source, RECORD from all of its distribution.
int rank(const std::string& path) {
    if (path.ends_with("/RECORD")) return 2;
    return path.ends_with(".pyc") ? 1 : 0;
}

std::vector<DebDifference> compare_data(const DebContents& a, const DebContents& b) {
    std::vector<DebDifference> found;
    std::map<std::string, const ArchiveEntry*> others;
    for (const auto& item : b.data) others[item.entry.path] = &item;
    for (const auto& item : a.data) {
        const auto other = others.find(item.entry.path);
        if (other == others.end()) {
            found.push_back({item.entry.path, kind_of(item) + ", and nothing"});
            continue;
        }
        compare_entries(item, *other->second, found);
        others.erase(other);
    }
    for (const auto& [path, item] : others)
        found.push_back({path, "nothing, and " + kind_of(*item)});
    std::stable_sort(found.begin(), found.end(), [](const auto& x, const auto& y) {
        return std::pair(rank(x.path), x.path) < std::pair(rank(y.path), y.path);
    });
    return found;
}

Result<void> compare_fields(const std::string& a, const std::string& b,
                            std::vector<DebDifference>& found) {
    TRY_ASSIGN(const auto first, parse_control(a, "control"));
    TRY_ASSIGN(const auto second, parse_control(b, "control"));
    const std::size_t before = found.size();
    if (first.size() == 1 && second.size() == 1) {
        std::set<std::string> names;
        for (const auto& stanza : {first[0], second[0]})
            for (const auto& [name, value] : stanza.fields) names.insert(name);
        for (const auto& name : names) {
            const auto* x = first[0].find(name);
            const auto* y = second[0].find(name);
            const auto text = [](const std::string* value) {
                return value == nullptr ? std::string("nothing") : '"' + printable(*value) + '"';
            };
            if (text(x) != text(y))
                found.push_back({"DEBIAN/control",
                                 fmt::format("field {}: {}, and {}", name, text(x), text(y))});
        }
    }
    if (found.size() == before) found.push_back({"DEBIAN/control", describe_bytes(a, b)});
    return {};
}

Result<void> compare_control(const DebContents& a, const DebContents& b,
                             std::vector<DebDifference>& found) {
    std::set<std::string> names;
    for (const auto* deb : {&a, &b})
        for (const auto& [name, bytes] : deb->control) names.insert(name);
    names.erase("md5sums");  // last: it follows from the data
    std::vector<std::string> order(names.begin(), names.end());
    order.emplace_back("md5sums");
    for (const auto& name : order) {
        const auto x = a.control.find(name);
        const auto y = b.control.find(name);
        if (x == a.control.end() && y == b.control.end()) continue;
        if (x == a.control.end() || y == b.control.end()) {
            found.push_back({"DEBIAN/" + name,
                             x == a.control.end() ? "nothing, and a file" : "a file, and nothing"});
            continue;
        }
        if (a.control_modes.at(name) != b.control_modes.at(name))
            found.push_back(
                {"DEBIAN/" + name, fmt::format("mode {:04o}, and {:04o}", a.control_modes.at(name),
                                               b.control_modes.at(name))});
        if (x->second == y->second) continue;
        if (name == "control")
            TRY(compare_fields(x->second, y->second, found));
        else
            found.push_back({"DEBIAN/" + name, describe_bytes(x->second, y->second)});
    }
    return {};
}

}  // namespace

std::string describe_bytes(const std::string& first, const std::string& second) {
    const std::size_t at = first_unequal(first, second);
    const std::size_t from = at - std::min(at, shown_before);
    const auto part = [&](const std::string& bytes) {
        return printable(std::string_view(bytes).substr(from, at - from + shown_after));
    };
    return fmt::format("offset {} of {} and {} bytes: \"{}\", and \"{}\"", at, first.size(),
                       second.size(), part(first), part(second));
}

Result<std::vector<DebDifference>> deb_differences(const std::filesystem::path& first,
                                                   const std::filesystem::path& second) {
    TRY_ASSIGN(const std::string digest, sha256_file(first));
    TRY_ASSIGN(const std::string other, sha256_file(second));
    if (digest == other) return std::vector<DebDifference>{};
    TRY_ASSIGN(const DebContents a, read_deb(first, {}, Origin::own));
    TRY_ASSIGN(const DebContents b, read_deb(second, {}, Origin::own));
    auto found = compare_data(a, b);
    TRY(compare_control(a, b, found));
    if (a.members != b.members)
        found.push_back(
            {"the .deb itself", fmt::format("members {}, and {}", fmt::join(a.members, " "),
                                            fmt::join(b.members, " "))});
    if (found.empty()) {
        const auto in_order = [](const DebContents& deb) {
            std::vector<std::string> paths;
            for (const auto& item : deb.data) paths.push_back(item.entry.path);
            return paths;
        };
        found.push_back({"the .deb itself", in_order(a) != in_order(b)
                                                ? "the same entries in another order"
                                                : "the same entries, archived or compressed "
                                                  "otherwise"});
    }
    return found;
}

}  // namespace dba::deb
