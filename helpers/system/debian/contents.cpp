#include "system/debian/contents.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <vector>

#include "formats/text/text.hpp"
#include "system/files/files.hpp"

namespace dba {
namespace {

// Whether a file at that place is found by what looks for it.
bool is_in_place(BuildFile kind, std::string_view path) {
    switch (kind) {
        case BuildFile::header:
            return path.starts_with("usr/include/");
        case BuildFile::library:
            return path.starts_with("usr/lib/") || path.starts_with("lib/");
        case BuildFile::program:
            return path.starts_with("usr/bin/") || path.starts_with("usr/sbin/") ||
                   path.starts_with("bin/") || path.starts_with("sbin/");
        case BuildFile::pkg_config:
            return path.find("/pkgconfig/") != path.npos;
        case BuildFile::cmake_package:
            break;
    }
    return path.find("/cmake/") != path.npos;
}

// "usr/include/postgresql/libpq-fe.h    libdevel/libpq-dev,other/x": path and packages of all lines
// whose path ends so.
void each_path(std::string_view text, const std::string& end,
               const std::function<void(std::string_view path, std::string_view packages)>& use) {
    for (auto at = text.find(end); at != text.npos; at = text.find(end, at + 1)) {
        const auto after = at + end.size();
        if (after >= text.size() || !text::is_blank(text[after])) continue;
        const auto line_end = std::min(text.find('\n', after), text.size());
        const auto before = at == 0 ? text.npos : text.rfind('\n', at - 1);
        const auto start = before == text.npos ? 0 : before + 1;
        use(text.substr(start, after - start), text::trim(text.substr(after, line_end - after)));
    }
}

// Every *Contents-* of a directory, but those of source packages.
void each_index(const fs::path& lists, const std::function<void(std::string_view lines)>& use) {
    for (const fs::path& file : paths_in(lists)) {
        const std::string index = file.filename().string();
        if (index.find("Contents-") == index.npos || index.find("_source_") != index.npos) continue;
        read_index(file, use);
    }
}

// In the order of the indexes.
void each_owner(const fs::path& lists, BuildFile kind, const std::string& name,
                const std::function<void(const FileOwner&)>& use) {
    std::vector<std::string> ends{path_end_of(kind, name)};
    if (kind == BuildFile::cmake_package) ends.push_back("/" + text::lower(name) + "-config.cmake");
    each_index(lists, [&](std::string_view lines) {
        for (const std::string& end : ends)
            each_path(lines, end, [&](std::string_view path, std::string_view packages) {
                if (!is_in_place(kind, path)) return;
                for (const std::string_view one : text::split(packages, ','))
                    use({text::file_name(one), text::directory_name(one), std::string(path)});
            });
    });
}

// The better candidate comes first: where the dynamic linker finds the library itself, before the
// providers of an alternative in directories of their own; then lib* and the shorter name.
struct Candidate {
    bool is_elsewhere = false, is_no_lib = false;
    std::size_t length = 0;
    std::string package;
    bool operator<(const Candidate& other) const {
        return std::tie(is_elsewhere, is_no_lib, length, package) <
               std::tie(other.is_elsewhere, other.is_no_lib, other.length, other.package);
    }
};

}  // namespace

std::string package_by_contents(const std::filesystem::path& lists, BuildFile kind,
                                const std::string& name) {
    FileOwner best;
    each_owner(lists, kind, name, [&](const FileOwner& one) {
        if (best.package.empty() || one.path.size() < best.path.size()) best = one;
    });
    return best.package;
}

std::vector<FileOwner> owners_by_contents(const std::vector<fs::path>& lists, BuildFile kind,
                                          const std::string& name) {
    std::set<FileOwner> found;
    for (const fs::path& directory : lists)
        each_owner(directory, kind, name, [&](const FileOwner& one) { found.insert(one); });
    return {found.begin(), found.end()};
}

std::map<std::string, std::vector<std::string>> libraries_by_contents(
    const std::filesystem::path& lists, const std::set<std::string>& sonames,
    const std::vector<std::string>& directories) {
    std::map<std::string, std::set<Candidate>> found;
    each_index(lists, [&](std::string_view lines) {
        for (const std::string& soname : sonames)
            each_path(lines, "/" + soname, [&](std::string_view path, std::string_view names) {
                if (!path.starts_with("usr/lib") && !path.starts_with("lib")) return;
                const std::string directory = "/" + text::directory_name(path);
                for (const std::string_view name : text::split(names, ',')) {
                    Candidate one{true, true, 0, text::file_name(name)};
                    one.is_elsewhere = std::find(directories.begin(), directories.end(),
                                                 directory) == directories.end();
                    one.is_no_lib = !one.package.starts_with("lib");
                    one.length = one.package.size();
                    found[soname].insert(std::move(one));
                }
            });
    });
    std::map<std::string, std::vector<std::string>> packages;
    for (const auto& [soname, candidates] : found)
        for (const Candidate& one : candidates) packages[soname].push_back(one.package);
    return packages;
}

}  // namespace dba
