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

struct Best {
    std::string package;
    std::size_t length = 0;
};

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

void search(std::string_view text, BuildFile kind, const std::string& end, Best& best) {
    each_path(text, end, [&](std::string_view path, std::string_view packages) {
        if (is_in_place(kind, path) && (best.package.empty() || path.size() < best.length))
            best = {text::file_name(packages.substr(0, packages.find(','))), path.size()};
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
    std::vector<std::string> ends{path_end_of(kind, name)};
    if (kind == BuildFile::cmake_package) ends.push_back("/" + text::lower(name) + "-config.cmake");
    Best best;
    for (const fs::path& file : paths_in(lists)) {
        const std::string index = file.filename().string();
        if (index.find("Contents-") == index.npos || index.find("_source_") != index.npos) continue;
        read_index(file, [&](std::string_view lines) {
            for (const std::string& end : ends) search(lines, kind, end, best);
        });
    }
    return best.package;
}

std::map<std::string, std::vector<std::string>> libraries_by_contents(
    const std::filesystem::path& lists, const std::set<std::string>& sonames,
    const std::vector<std::string>& directories) {
    std::map<std::string, std::set<Candidate>> found;
    for (const fs::path& file : paths_in(lists)) {
        const std::string index = file.filename().string();
        if (index.find("Contents-") == index.npos || index.find("_source_") != index.npos) continue;
        read_index(file, [&](std::string_view lines) {
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
    }
    std::map<std::string, std::vector<std::string>> packages;
    for (const auto& [soname, candidates] : found)
        for (const Candidate& one : candidates) packages[soname].push_back(one.package);
    return packages;
}

}  // namespace dba
